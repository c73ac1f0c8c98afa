import ArgumentParser
import Deployer

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check everything that a deployment needs and report every problem.",
    aliases: ["validate"])

  @Argument(help: "The targets to check (default: all).") var targets: [String] = []
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let chosen = try global.inventory().targets(named: targets)
    let preflight = Preflight(hosts: global.hosts, onePassword: global.onePassword(for: chosen))
    let (findings, secrets) = await preflight.check(chosen)
    for finding in findings {
      let versions = [finding.dockerVersion.map { "Docker \($0)" }, finding.composeVersion.map { "Compose \($0)" }]
      let detail = versions.compactMap(\.self).joined(separator: ", ")
      let verdict = finding.problems.isEmpty ? "ok" : "not ready"
      global.console.print(Console.line("\(finding.target.name): \(verdict)  \(detail)"))
      for line in finding.problems.flatMap(\.lines) { global.console.print(Console.line("  \(line)")) }
    }
    global.console.print("1Password: \(secrets.isEmpty ? "ok" : "not ready")")
    for line in secrets.flatMap(\.lines) { global.console.print(Console.line("  \(line)")) }
    if findings.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.validation) }
    if !secrets.isEmpty { throw ExitCode(ExitStatus.secrets) }
  }
}
