import ArgumentParser
import Deployer
import Ledger

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Roll back a target to its last good images, by digest.",
    discussion: """
      Without services, takes back the newest change as a whole: images go back to their last good ones, services that it \
      added are removed, services that it removed come back. With services, each goes to its own last good image; 'all' \
      means every service. --to with a deployment restores everything that it left. A service that already runs what it \
      would go to is not touched. First prints which images were chosen and which were skipped, and why. A rollback is \
      recorded like any deployment.

      Examples:
        ktrdr rollback core
        ktrdr rollback core all
        ktrdr rollback core backend --to sha-a1b2c3d
        ktrdr rollback workers B --to 41 --dry-run
        ktrdr rollback --batch 57
      """)

  @Argument(
    help: ArgumentHelp(
      "The target, such as core, workers-b or workers B, then its services, or all (default: what changed).",
      valueName: "target-or-service"))
  var arguments: [String] = []

  @Option(
    help: ArgumentHelp(
      "The tag or the deployment number to roll back to; tag:N for a tag of digits.", valueName: "tag|deployment"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Roll back every deployment that succeeded in the same batch as this one.", valueName: "deployment"))
  var batch: String?

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard arguments.isEmpty || batch == nil else { throw ValidationError("a target and --batch cannot be combined") }
    guard batch == nil || to == nil else { throw ValidationError("--batch and --to cannot be combined") }
  }

  func run() async throws {
    let rollbacks = RollbackRequests(inventory: try global.inventoryForHosts(), run: run, global: global)
    let requests =
      if let batch {
        try await rollbacks.make(batch: batch)
      } else {
        try await rollbacks.make(arguments: arguments, to: to)
      }
    try await RequestRunner(requests: requests, run: run, fleet: fleet, printsList: true, global: global).run()
  }
}
