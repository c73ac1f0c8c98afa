import ArgumentParser

struct DeployTarget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Deploy services to any target in the inventory.")

  @Argument(help: "The name of a target in the inventory.")
  var name: String

  @Argument(help: "The services to deploy (default: all).")
  var services: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let target = try inventory.requireTarget(name)
    let requests = try await DeployRequests(inventory: inventory, options: options, run: run, global: global)
      .make(for: [target], services: services.isEmpty ? ["all"] : services)
    try await RequestRunner(requests: requests, run: run, global: global).run()
  }
}
