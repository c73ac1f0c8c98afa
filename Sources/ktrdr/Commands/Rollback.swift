import ArgumentParser
import Deployer
import Ledger

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Go back to the last good images of a target, by digest.",
    discussion: """
      Without a service, what the newest deployment changed goes back, each service to its own last good image. What was \
      chosen and what was passed over is explained first. A rollback is a deployment with a record of its own.

      Examples:
        ktrdr rollback core
        ktrdr rollback core backend --to sha-a1b2c3d
        ktrdr rollback workers B --to 41 --dry-run
        ktrdr rollback --batch 57
      """)

  @Argument(help: "The target, as 'core', 'workers-b' or 'workers B', then its services, if not all that changed.")
  var words: [String] = []

  @Option(help: ArgumentHelp("The tag, or the number of the deployment, to go back to.", valueName: "tag|deployment"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Take back what succeeded of the batch that this deployment belongs to.", valueName: "deployment"))
  var batch: String?

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard words.isEmpty != (batch == nil) else {
      throw ValidationError("name a target, such as 'ktrdr rollback core', or a batch with --batch")
    }
    guard batch == nil || to == nil else { throw ValidationError("--batch and --to exclude each other") }
  }

  func run() async throws {
    let requests = RollbackRequests(inventory: try global.inventory(), run: run, global: global)
    let made =
      if let batch { try await requests.make(batch: batch) } else { try await requests.make(words: words, to: to) }
    try await RequestRunner(requests: made, run: run, fleet: fleet, global: global).run()
  }
}
