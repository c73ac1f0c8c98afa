import ArgumentParser

struct DeployWorkers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workers", abstract: "Deploy the workers on one or more nodes, or on all.",
    discussion: """
      Nodes are deployed in parallel, and each deployment is recorded separately. Workers of profiles that are no longer \
      given are stopped and removed.

      Examples:
        ktrdr deploy workers B
        ktrdr deploy workers B C --profile scale-2 --profile scale-3
        ktrdr deploy workers all --canary
      """)

  @Argument(help: ArgumentHelp("Nodes, such as B, or 'all' (default).", valueName: "node"))
  var nodes: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployRunner(options: options, fleet: fleet, run: run, global: global).deploy(["workers"] + nodes)
  }
}
