import ArgumentParser

struct DeployTarget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Deploy a target whose name is also a word of this list.")

  @Argument(help: "The name of a target in the inventory.")
  var name: String

  @Argument(help: ArgumentHelp("The services to deploy (default: all).", valueName: "service"))
  var services: [String] = []

  @OptionGroup var options: DeployOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DeployRunner(options: options, run: run, global: global).deploy([name] + services, only: .target)
  }
}
