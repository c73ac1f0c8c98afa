import ArgumentParser
import Deployer
import Ledger

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Compare what the ledger says should run with what really runs.",
    discussion: """
      Each service gets a verdict: in sync, unrecorded, drifted, unhealthy, stopped, missing or unreachable. A target \
      has the worst of its services'. Images are compared by config id or digest, never by tag alone. No secret is needed.

      Exit status: 0 everything is in sync; 3 something is not.

      Examples:
        ktrdr status                         every target, side by side
        ktrdr status core workers B
        ktrdr status --format json | jq '.[] | select(.verdict != "in sync")'
      """)

  @Argument(help: "The targets, such as core, workers-b or workers B; none means all.") var targets: [String] = []
  @Option(help: "How to print it.") var format: RecordFormat = .table
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let inventory = try global.inventory()
    let chosen = try inventory.targets(named: targets)
    let ledger = try await global.openLedgerIfPresent()
    if let ledger { await global.tellUnfinished(in: ledger, targets: chosen.map(\.name.value)) }
    let reader = StatusReader(hosts: global.hosts, git: global.git(for: inventory.targets))
    let found: [TargetStatus]
    do throws(LedgerError) {
      found = try await reader.read(chosen, ledger: ledger)
    } catch {
      throw Failure(error)
    }
    switch format {
    case .json: global.console.print(try JSONText.of(found.map(StatusRecord.init)))
    case .table: global.console.print(StatusText.of(found, console: global.resultConsole))
    }
    for target in found {
      guard let error = target.error else { continue }
      global.console.failure(Failure(status: ExitStatus.answerIsNo, lines: error.lines))
    }
    guard found.allSatisfy({ $0.verdict == .inSync }) else { throw ExitCode(ExitStatus.answerIsNo) }
  }
}
