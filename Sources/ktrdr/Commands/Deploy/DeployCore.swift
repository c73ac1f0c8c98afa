import ArgumentParser

struct DeployCore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "core", abstract: "Deploy one service of the core stack, or all.",
    discussion: "A single service is deployed without its dependencies: the database is not touched.")

  @Argument(help: "A service of the core stack, such as backend or db, or 'all'.")
  var service: String

  @OptionGroup var options: DeployOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let target = try inventory.requireTarget("core")
    let requests = try await DeployRequests(inventory: inventory, options: options, run: run, global: global)
      .make(for: [target], services: [service])
    try await RequestRunner(requests: requests, run: run, global: global).run()
  }
}
