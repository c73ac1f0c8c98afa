import ArgumentParser
import Deployer
import Ledger
import Platform

struct Stats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show how often, how well and how fast was deployed.",
    discussion: """
      Deployments a week, change failure rate and time to restore of each target and over all, then the median and the \
      90th percentile of how long a deployment and each step of it took. docs/figures.md defines each figure. What is not \
      known is left out and counted. If the output is not a terminal, it is tab-separated, a figure a line.

      Examples:
        ktrdr stats
        ktrdr stats core --since 90d
        ktrdr stats --since 2026-10-01 --until 2026-12-31 --json
      """)

  @Argument(help: "The targets, such as core, workers-b, workers B or workers (default: all).")
  var targets: [String] = []

  @OptionGroup var period: PeriodOptions
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let names = targets.isEmpty ? nil : Set(try global.inventory().targets(named: targets).map(\.name.value))
    let found = try await read(names)
    guard let found, output.choice == .json || !found.targets.isEmpty else {
      if output.choice == .json { return global.console.print("null") }
      return global.console.note("no matching deployments in \(global.ledgerPath)")
    }
    let appearance = global.appearance()
    switch output.choice {
    case .json: global.console.print(try JSONText.of(StatsRecord(found)))
    case .table where appearance.isTerminal:
      global.console.print(StatsTable(statistics: found, appearance: appearance).lines.joined(separator: "\n"))
    case .table: global.console.print(StatsText.tabSeparated(found))
    }
  }

  /// `nil` if the ledger cannot speak of any part of the period.
  private func read(_ names: Set<String>?) async throws -> Statistics? {
    guard let ledger = try await global.openLedgerIfPresent() else { return nil }
    await global.reportUnfinished(in: ledger)
    do throws(LedgerError) {
      guard let first = try await ledger.firstDeploymentAt(),
        let observed = Statistics.observed(
          since: period.since, until: period.until, firstDeployment: first, now: Date())
      else { return nil }
      return Statistics(of: try await ledger.facts(since: observed.lowerBound), in: observed, targets: names)
    } catch {
      throw Failure(error)
    }
  }
}
