import ArgumentParser
import Deployer

struct Exec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Say how to run a command in a container.", shouldDisplay: false)

  @Argument(parsing: .allUnrecognized, help: "A target, a service and a command.") var words: [String] = []
  @OptionGroup var global: GlobalOptions

  func run() throws {
    throw Failure.usage(
      "commands in a container are run with Docker on the host",
      next: HostCommand.exec.line(for: words, in: try global.inventory()))
  }
}
