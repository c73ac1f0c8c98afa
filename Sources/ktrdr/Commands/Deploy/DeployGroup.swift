import ArgumentParser

struct DeployGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "group", abstract: "Deploy a group whose name is also a word of this list.")

  @Argument(help: "The name of a group in the inventory.")
  var name: String

  @Argument(help: ArgumentHelp("Nodes of the group (default: all).", valueName: "node"))
  var nodes: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployRunner(options: options, fleet: fleet, run: run, global: global)
      .deploy([name] + nodes, only: .group)
  }
}
