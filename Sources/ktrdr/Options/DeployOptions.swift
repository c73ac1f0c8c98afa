import ArgumentParser
import Deployer

/// The options of every way to deploy.
struct DeployOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The image tag; else 'sha-' and the first 7 characters of HEAD.", valueName: "tag"),
    transform: parsed)
  var tag: ImageTag?

  @Option(help: "A Compose profile to deploy with; may be given several times.", transform: parsed)
  var profile: [ProfileName] = []

  @Flag(help: "Print the plan and change nothing.")
  var dryRun = false

  @Flag(help: "Leave out the checks of host and 1Password.")
  var skipValidation = false

  @Option(help: "How to print the result.")
  var format: Format = .table

  /// The shapes of one record.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }
}
