import ArgumentParser

struct DeployTarget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Deploy services of any target of the inventory.")

  @Argument(help: "The target's name in the inventory.")
  var name: String

  @Argument(help: "The services; none means all.")
  var services: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let target = try inventory.known(name)
    let requests = try await DeployRequests(inventory: inventory, options: options, run: run, global: global)
      .make(for: [target], services: services.isEmpty ? ["all"] : services)
    try await RequestRunner(requests: requests, run: run, global: global).run()
  }
}
