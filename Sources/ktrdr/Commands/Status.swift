import ArgumentParser
import Deployer
import Ledger

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Compare what should run according to the ledger with what is running.",
    discussion: """
      Each service has a verdict: in sync, completed, unrecorded, orphaned, drifted, unhealthy, stopped, missing or \
      unreachable. A target has the worst verdict of its services. Images are compared by config id or digest, never by tag alone. Needs no secrets.

      On a terminal, services that need somebody come first, with the command that restores what should run. If the output is \
      not a terminal, it is tab-separated, with every column.

      Exit status: 0 if everything is in sync, otherwise 3.

      Examples:
        ktrdr status                         every target
        ktrdr status core workers B
        ktrdr status core --wide
        ktrdr status --json | jq '.[] | select(.verdict != "in sync")'
      """,
    aliases: ["ps"])

  @Argument(help: "The targets, such as core, workers-b or workers B (default: all).") var targets: [String] = []
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var times: TimeOptions
  @Flag(help: "On a terminal, print a table with every column.") var wide = false
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventoryForHosts()
    let chosen = try inventory.targets(named: targets)
    let ledger = try await global.openLedgerIfPresent()
    if let ledger { await global.reportUnfinished(in: ledger, targets: chosen.map(\.name.value)) }
    let reader = StatusReader(hosts: global.hosts, git: global.git(for: inventory.targets))
    let found: [TargetStatus]
    let busy: Set<String>
    do throws(LedgerError) {
      found = try await reader.read(chosen, ledger: ledger)
      busy = Set(try await ledger?.inFlight().map(\.start.target) ?? [])
    } catch {
      throw Failure(error)
    }
    switch output.choice {
    case .json: global.console.print(try JSONText.of(found.map(StatusRecord.init)))
    case .table: global.console.print(text(of: found, busy, in: global.appearance(times: times.time)))
    }
    for target in found {
      if let caveat = target.caveat { global.console.warning(caveat) }
      guard let error = target.error else { continue }
      global.console.failure(Failure(status: ExitStatus.checkFailed, error))
    }
    guard found.allSatisfy(\.verdict.isGood) else { throw ExitCode(ExitStatus.checkFailed) }
  }

  private func text(of found: [TargetStatus], _ busy: Set<String>, in appearance: Appearance) -> String {
    guard appearance.isTerminal else { return StatusText.tabSeparated(found, in: appearance) }
    let report = StatusReport(targets: found, busy: busy, appearance: appearance)
    return (wide ? StatusText.wide(found, in: appearance) : report.lines()).joined(separator: "\n")
  }
}
