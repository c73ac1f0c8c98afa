import ArgumentParser
import Deployer
import Platform

/// The `ktrdr` command.
@main
struct KTRDR: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ktrdr",
    abstract: "Deploy Docker Compose stacks over ssh, with secrets from 1Password and a ledger of every deployment.",
    discussion: """
      A first deployment: 'ktrdr init' writes ktrdr.yml, 'ktrdr doctor' checks the host, 'ktrdr deploy TARGET' deploys.

      Exit status: 0 success; 1 a deployment did not succeed; 3 a check failed; 64 usage error; 65 damaged ledger; 69 \
      validation failed; 75 target locked by another deployment; 77 secrets unavailable; 78 invalid inventory; 129, 130, 143 \
      stopped by SIGHUP, SIGINT, SIGTERM.

      'ktrdr --version' prints the version.
      """,
    groupedSubcommands: [
      CommandGroup(name: "Daily", subcommands: [Deploy.self, Status.self, History.self, Rollback.self, Show.self]),
      CommandGroup(
        name: "Before a deployment", subcommands: [ConfigInit.self, Doctor.self, Secrets.self, Config.self]),
      CommandGroup(name: "The record", subcommands: [Diff.self, Stats.self, Report.self, LedgerCommand.self]),
      CommandGroup(name: "Shell", subcommands: [Completion.self]),
      CommandGroup(name: "Other tools", subcommands: [Logs.self, Exec.self]),
    ])

  /// Of the commands, with what else they are called.
  private static var commandNames: [String] {
    configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases } + ["help"]
  }

  static func main() async {
    ProcessHardening.apply()
    ProcessMemory.share()
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.first != CompletionRequest.word else { return await CompletionRequest.answer(arguments) }
    let words = FirstWords.expanded(FirstWords.withoutVainHelp(arguments, commands: { commandNames }))
    // Not the argument parser's own --version, which every command would have: one that deployed nothing would succeed.
    guard words != ["--version"] else { return Console.standard.print(BuildVersion.text) }
    do {
      if let option = FirstWords.misplaced(in: words) {
        throw Failure.usage("\(option) cannot be combined with a command", next: "ktrdr --help")
      }
      if let (command, word) = FirstWords.unknownSubcommand(in: words, of: KTRDR.self) {
        throw Failure.usage("'ktrdr \(command)' has no command '\(word)'", next: "ktrdr help \(command)")
      }
      var command = try await asyncParseAsRoot(words)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      console(for: words).failure(failure)
      exit(withError: ExitCode(failure.status))
    } catch {
      if RootHelp.isAsked(by: words) { return Console.standard.print(RootHelp.arranged(fullMessage(for: error))) }
      explain(error, words)
      exit(withError: error)
    }
  }

  /// As the options ask, also where they could not be parsed.
  private static func console(for words: [String]) -> Console {
    let terminal = Terminal(descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment)
    let appearance = terminal.appearance(colors: ColorChoice(in: words))
    return Console(usesColor: appearance.hasColors, isQuiet: false, isVerbose: false, width: appearance.width)
  }

  /// Ends with a better message than the argument parser's, if there is one.
  private static func explain(_ error: any Error, _ words: [String]) {
    guard exitCode(for: error).rawValue == ExitStatus.usage else { return }
    let message = fullMessage(for: error)
    let better = CommandHint.improved(
      OptionHint.improved(message, words: words), words: words, commands: commandNames,
      inventory: { try? GlobalOptions.parse([]).inventory() })
    guard better != message else { return }
    Console.standard.error(better)
    exit(withError: ExitCode(ExitStatus.usage))
  }
}
