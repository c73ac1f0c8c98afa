import ArgumentParser

/// `ktrdr deploy NAME`. Its own name has capitals, which the name of a target cannot have.
struct DeployNamed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "TARGET", abstract: "Deploy services of any target, or nodes of any group.",
    usage: """
      ktrdr deploy <target> [<service> ...] [<options>]
      ktrdr deploy <group> [<node> ...] [<options>]
      """,
    discussion: "A target or group called core, workers, target or group: see 'ktrdr deploy target' and 'group'.")

  @Argument(
    help: ArgumentHelp(
      "A target of the inventory and its services (default: all), or a group and its nodes (default: all).",
      valueName: "name"))
  var words: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployRunner(options: options, fleet: fleet, run: run, global: global).deploy(words)
  }
}
