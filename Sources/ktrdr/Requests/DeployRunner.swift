/// Runs every form of `deploy`: the words name a target and its services, or a group and its nodes.
struct DeployRunner {
  let options: DeployOptions
  var fleet: FleetOptions?
  let run: RunOptions
  let global: GlobalOptions

  func deploy(_ words: [String], only kind: DeploySelection.Kind? = nil) async throws {
    let inventory = try global.inventoryForHosts()
    let selection = try inventory.selection(of: words, only: kind)
    let requests = try await DeployRequests(inventory: inventory, options: options, run: run, global: global)
      .make(for: selection.targets, services: selection.services)
    try await RequestRunner(
      requests: requests, run: run, fleet: fleet, printsList: selection.kind == .group, global: global
    ).run()
  }
}
