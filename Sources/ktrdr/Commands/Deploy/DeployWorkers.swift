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

  @Argument(help: "Nodes, such as B, or 'all'.")
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
    commandName: "group", abstract: "Deploy nodes of any group in the inventory.")

  @Argument(help: "The name of a group in the inventory.")
  var name: String

  @Argument(help: "Nodes of the group (default: all).")
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

/// Deploys nodes of a group, for `deploy workers` and `deploy group`.
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
