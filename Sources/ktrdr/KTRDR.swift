import ArgumentParser
import Deployer

/// Deploys KTRDR's Docker Compose stacks over ssh, and keeps a ledger of it.
@main
struct KTRDR: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ktrdr",
    abstract:
      "Deploy KTRDR's Docker Compose stacks over ssh, with secrets from 1Password and a ledger of every deployment.",
    discussion: """
      Exit status: 0 done; 1 a deployment did not succeed; 3 a check says no; 64 wrong usage; 65 the ledger is damaged; 69 validation \
      failed; 75 another deployment holds the target; 77 secrets are not to be had; 78 the inventory is wrong; 130, 143 \
      stopped by a signal.
      """,
    version: version,
    subcommands: [
      Deploy.self, Rollback.self, Status.self, History.self, Show.self, Diff.self, Doctor.self, Secrets.self,
      Config.self, LedgerCommand.self,
    ])

  static func main() async {
    Hygiene.apply()
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
