import ArgumentParser
import Deployer

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check everything that a deployment needs and report every problem.",
    discussion: """
      Checks each host, and 1Password if a target or a registry needs something from it. Changes nothing.

      Exit status: 0 if a deployment can start, 69 for a problem with a host, 77 for one with 1Password.
      """,
    aliases: ["validate"])

  @Argument(help: "The targets to check (default: all).") var targets: [String] = []
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventoryForHosts()
    let chosen = try inventory.targets(named: targets)
    let preflight = Preflight(
      hosts: global.hosts, onePassword: global.onePassword(for: chosen), registries: inventory.registries)
    let (findings, secrets) = await preflight.check(chosen)
    switch output.choice {
    case .json: global.console.print(try JSONText.of(DoctorRecord(findings, secrets)))
    case .table: global.console.print(DoctorText.of(findings, secrets))
    }
    if findings.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.validation) }
    if !(secrets ?? []).isEmpty { throw ExitCode(ExitStatus.secrets) }
  }
}
