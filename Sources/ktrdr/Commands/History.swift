import ArgumentParser
import Deployer
import Ledger

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List recorded deployments, newest first.",
    discussion: """
      On a terminal, signs stand for the outcome: ✓ succeeded, ✗ failed, ⊘ cancelled, ! interrupted, ? unknown, ↻ running \
      (+ x - ! ? ~ where the locale is not UTF-8). ● marks what should run now, ↩ a rollback, ⟲3 that it undoes \
      deployment 3, and +2 stands for two more services, which have tags of their own or do not fit. Columns that do not fit are left out. If the output is not a terminal, it is tab-separated, with every column.

      Examples:
        ktrdr history core
        ktrdr history workers B
        ktrdr history --host workers-b
        ktrdr history --outcome failed --since 2026-11-01
        ktrdr history --format csv --limit 1000
      """,
    aliases: ["releases"])

  @Argument(help: "The targets to list, such as core, workers-b, workers B or workers (default: all).")
  var targets: [String] = []

  @OptionGroup var filter: HistoryOptions
  @OptionGroup var output: FormatOptions<ListFormat>
  @OptionGroup var times: TimeOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard targets.isEmpty || filter.target == nil else {
      throw ValidationError("a target argument and --target cannot be combined")
    }
  }

  func run() async throws {
    let names = try chosenTargets()
    let appearance = global.appearance(times: times.time, links: global.links)
    let found: [Deployment]
    var current: Set<Int64> = []
    var images: [Int64: [String: String]] = [:]
    do throws(LedgerError) {
      if let ledger = try await openLedger() {
        found = try await list(names, in: ledger)
        if output.choice == .table, appearance.isTerminal {
          current = try await ledger.current(of: Set(found.map(\.start.target)))
          images = try await ledger.imageNames(leftBy: found.map(\.id))
        }
      } else {
        found = []
      }
    } catch {
      throw Failure(error)
    }
    switch output.choice {
    case .json: global.console.print(try JSONText.of(found.map { DeploymentRecord($0) }))
    case .csv: try global.console.emit(HistoryText.csv(found))
    case .table where found.isEmpty: global.console.note("no matching deployments in \(global.ledgerPath)")
    case .table where appearance.isTerminal:
      let lines = HistoryTable.lines(found, images: images, current: current, in: appearance)
      global.console.print(lines.joined(separator: "\n"))
    case .table: global.console.print(HistoryText.tabSeparated(found, in: appearance))
    }
  }

  /// The targets to query, one after the other; `nil` means every target.
  private func chosenTargets() throws -> [String?] {
    guard !targets.isEmpty else { return [filter.target] }
    return try global.inventory().targets(named: targets).map(\.name.value)
  }

  /// `nil` if nothing was ever recorded.
  private func openLedger() async throws(LedgerError) -> DeploymentLedger? {
    do throws(LedgerError) {
      return try await DeploymentLedger.open(path: global.ledgerPath, access: .readOnly)
    } catch LedgerError.missing {
      return nil
    }
  }

  private func list(_ names: [String?], in ledger: DeploymentLedger) async throws(LedgerError) -> [Deployment] {
    await global.reportUnfinished(in: ledger)
    var found: [Deployment] = []
    for name in names {
      var filter = filter.filter
      filter.target = name
      found += try await ledger.history(filter)
    }
    return Array(found.sorted { $0.id > $1.id }.prefix(filter.limit))
  }
}

extension DeploymentLedger {
  /// The deployments of which something should run now on these targets. Takes as long as they have services, however many
  /// deployments there are.
  fileprivate func current(of targets: Set<String>) throws(LedgerError) -> Set<Int64> {
    var found: Set<Int64> = []
    for target in targets {
      found.formUnion(try newestSucceeded(of: target).filter { $0.1.after != nil }.map(\.0.id))
    }
    return found
  }
}
