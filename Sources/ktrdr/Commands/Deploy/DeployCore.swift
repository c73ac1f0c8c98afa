import ArgumentParser

struct DeployCore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "core", abstract: "Deploy services of the core stack, or all.",
    discussion: "A single service is deployed without its dependencies: the database is not touched.")

  @Argument(
    help: ArgumentHelp("Services of the core stack, such as backend or db, or 'all' (default).", valueName: "service"))
  var services: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployRunner(options: options, run: run, global: global).deploy(["core"] + services)
  }
}
