import ArgumentParser
import Deployer

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check everything that a deployment needs and report every problem.",
    discussion: """
      Checks each host, and 1Password if a target or a registry needs something from it. Then prepares a deployment \
      of every service as a dry run does: reads the compose files, and asks the registries for the images. Changes nothing.

      Exit status: 0 if a deployment can start, 69 for a problem with a host, 77 for one with 1Password.
      """,
    aliases: ["validate"])

  @Argument(help: "The targets to check (default: all).") var targets: [String] = []
  @Option(help: "The image tag to look for (default: as in a deployment, from HEAD).", transform: parsed)
  var tag: ImageTag?
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventoryForHosts()
    let chosen = try inventory.targets(named: targets)
    let preflight = Preflight(
      hosts: global.hosts, secrets: global.secretStore(for: chosen, runner: .system), registries: inventory.registries,
      ledger: try await global.openLedgerIfPresent(),
      progress: { [console = global.console] in if case .warning(let text) = $0 { console.warning(text) } })
    let tags: [ImageTag]?
    do {
      tags = try await DeployedVersion.choose(tag, for: chosen, git: global.git(for: chosen), console: nil).map(\.tag)
    } catch let failure as Failure {
      tags = nil
      global.console.warning("images not checked: \(failure.lines.first ?? "no tag"): name a tag with --tag")
    }
    let (findings, secrets) = await preflight.check(chosen, tags: tags)
    switch output.choice {
    case .json: global.console.print(try JSONText.of(DoctorRecord(findings, secrets)))
    case .table: global.console.print(DoctorText.of(findings, secrets))
    }
    if findings.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.validation) }
    if !(secrets ?? []).isEmpty { throw ExitCode(ExitStatus.secrets) }
  }
}
