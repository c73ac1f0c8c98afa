import ArgumentParser
import Deployer

struct Secrets: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secrets", abstract: "Check the secrets that deployments need, without showing their values.",
    subcommands: [SecretsCheck.self])
}

struct SecretsCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read every secret from 1Password and print its source and length, never its value.")

  @Argument(help: "The targets to check (default: all).") var targets: [String] = []
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let chosen = try inventory.targets(named: targets)
    let rows = await SecretsAudit(global.secretStore(for: chosen)).rows(of: chosen, registries: inventory.registries)
    switch output.choice {
    case .json: global.console.print(try JSONText.of(rows.map(SecretRecord.init)))
    case .table: global.console.print(SecretsText.table(rows, in: global.appearance()))
    }
    let problems = rows.compactMap(\.problem).reduce(into: [Problem]()) { if !$0.contains($1) { $0.append($1) } }
    guard problems.isEmpty else { throw Failure(.secrets(problems)) }
  }
}
