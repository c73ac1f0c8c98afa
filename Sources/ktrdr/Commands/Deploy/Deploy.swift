import ArgumentParser

struct Deploy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deploy services of a target.",
    discussion: """
      Examples:
        ktrdr deploy core backend            the version of HEAD
        ktrdr deploy core all --dry-run      what would be done
        ktrdr deploy core db --tag sha-a1b2c3d
      """,
    subcommands: [DeployCore.self, DeployTarget.self])
}

struct DeployCore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "core", abstract: "Deploy a service of the core stack, or all of them.",
    discussion: "A single service is deployed without what it depends on: the database stays as it is.")

  @Argument(help: "A service of the core stack, such as backend or db; 'all' for every one.")
  var service: String

  @OptionGroup var options: DeployOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployAction(target: "core", services: [service], options: options, global: global).run()
  }
}

struct DeployTarget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Deploy services of any target of the inventory.")

  @Argument(help: "The target's name in the inventory.")
  var name: String

  @Argument(help: "The services; none means all.")
  var services: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployAction(
      target: name, services: services.isEmpty ? ["all"] : services, options: options, global: global
    ).run()
  }
}
