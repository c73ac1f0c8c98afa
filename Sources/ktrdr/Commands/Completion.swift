import ArgumentParser

struct Completion: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a script that completes the words of ktrdr in a shell.",
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
    let script =
      switch shell {
      case .bash: PackageResources.ktrdr_bash
      case .zsh: PackageResources.ktrdr_zsh
      case .fish: PackageResources.ktrdr_fish
      }
    try Console.standard.emit(String(decoding: script, as: UTF8.self))
  }
}
