import ArgumentParser
import Deployer

struct Logs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Say how to read the log of a service.", shouldDisplay: false)

  @Argument(parsing: .allUnrecognized, help: "A target and a service.") var words: [String] = []
  @OptionGroup var global: GlobalOptions

  func run() throws {
    throw Failure.usage(
      "logs are read with Docker on the host",
      next: HostCommand.logs.line(for: words, in: try global.inventory()))
  }
}
