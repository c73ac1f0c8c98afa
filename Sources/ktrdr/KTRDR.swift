import ArgumentParser
import Deployer

/// The `ktrdr` command.
@main
struct KTRDR: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ktrdr",
    abstract:
      "Deploy KTRDR's Docker Compose stacks over ssh, with secrets from 1Password and a ledger of every deployment.",
    discussion: """
      Exit status: 0 success; 1 a deployment did not succeed; 3 a check failed; 64 usage error; 65 damaged ledger; 69 \
      validation failed; 75 target locked by another deployment; 77 secrets unavailable; 78 invalid inventory; 129, 130, 143 \
      stopped by SIGHUP, SIGINT, SIGTERM.
      """,
    version: version,
    subcommands: [
      Deploy.self, Rollback.self, Status.self, History.self, Show.self, Diff.self, Doctor.self, Secrets.self,
      Config.self, LedgerCommand.self,
    ])

  static func main() async {
    ProcessHardening.apply()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      Console.standard.failure(failure)
      exit(withError: ExitCode(failure.status))
    } catch {
      exit(withError: error)
    }
  }
}
