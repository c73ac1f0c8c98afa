import ArgumentParser

struct Completion: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a script that completes ktrdr's words in a shell.",
    discussion: """
      Examples:
        ktrdr completion bash >~/.local/share/bash-completion/completions/ktrdr
        ktrdr completion zsh >"${fpath[1]}/_ktrdr"
        ktrdr completion fish >~/.config/fish/completions/ktrdr.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "The shell: bash, zsh or fish.") var shell: Shell

  func run() throws {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Console.standard.print(KTRDR.completionScript(for: shell))
  }
}
