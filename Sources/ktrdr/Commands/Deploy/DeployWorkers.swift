import ArgumentParser

struct DeployWorkers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workers", abstract: "Deploy the workers of one node, of several, or of all.",
    discussion: """
      The nodes are deployed side by side; each has a record of its own. With fewer profiles than before, the workers \
      that no longer belong are stopped and removed.

      Examples:
        ktrdr deploy workers B
        ktrdr deploy workers B C --profile scale-2 --profile scale-3
        ktrdr deploy workers all --canary
      """)

  @Argument(help: "Nodes, such as B; 'all' for every one.")
  var nodes: [String]

  @OptionGroup var options: DeployOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await GroupDeployment(group: "workers", nodes: nodes, options: options, fleet: fleet, run: run, global: global)
      .run()
  }
}

struct DeployGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "group", abstract: "Deploy the nodes of any group of the inventory.")

  @Argument(help: "The group's name in the inventory.")
  var name: String

  @Argument(help: "Nodes of the group; none means all.")
  var nodes: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let nodes = nodes.isEmpty ? ["all"] : nodes
    try await GroupDeployment(group: name, nodes: nodes, options: options, fleet: fleet, run: run, global: global).run()
  }
}

/// What `deploy workers` and `deploy group` do.
private struct GroupDeployment {
  let group: String
  let nodes: [String]
  let options: DeployOptions
  let fleet: FleetOptions
  let run: RunOptions
  let global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let targets = try inventory.members(nodes, of: group)
    let requests = try await DeployRequests(inventory: inventory, options: options, run: run, global: global)
      .make(for: targets, services: ["all"])
    try await RequestRunner(requests: requests, run: run, fleet: fleet, global: global).run()
  }
}
