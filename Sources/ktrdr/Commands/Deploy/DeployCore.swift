import ArgumentParser

struct DeployCore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "core", abstract: "Deploy a service of the core stack, or all of them.",
    discussion: "A single service is deployed without what it depends on: the database stays as it is.")

  @Argument(help: "A service of the core stack, such as backend or db; 'all' for every one.")
  var service: String

  @OptionGroup var options: DeployOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let target = try inventory.known("core")
    let requests = try await DeployRequests(inventory: inventory, options: options, run: run, global: global)
      .make(for: [target], services: [service])
    try await RequestRunner(requests: requests, run: run, global: global).run()
  }
}
