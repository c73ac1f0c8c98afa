import ArgumentParser
import Deployer
import Ledger

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List recorded deployments, newest first.",
    discussion: """
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
  @Option(help: "The output format.") var format: Format = .table
  @OptionGroup var global: GlobalOptions

  /// The output formats of a list.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
  }

  func validate() throws {
    guard targets.isEmpty || filter.target == nil else {
      throw ValidationError("a target argument and --target cannot be combined")
    }
  }

  func run() async throws {
    let names = try chosenTargets()
    let found: [Deployment]
    do throws(LedgerError) {
      found = try await list(names)
    } catch {
      throw Failure(error)
    }
    switch format {
    case .json: global.console.print(try JSONText.of(found.map { DeploymentRecord($0) }))
    case .csv: try global.console.emit(HistoryText.csv(found))
    case .table:
      if found.isEmpty {
        global.console.note("no matching deployments in \(global.ledgerPath)")
      } else {
        global.console.print(HistoryText.table(found))
      }
    }
  }

  /// The targets to query, one after the other; `nil` means every target.
  private func chosenTargets() throws -> [String?] {
    guard !targets.isEmpty else { return [filter.target] }
    return try global.inventory().targets(named: targets).map(\.name.value)
  }

  private func list(_ names: [String?]) async throws(LedgerError) -> [Deployment] {
    let ledger: DeploymentLedger
    do throws(LedgerError) {
      ledger = try await DeploymentLedger.open(path: global.ledgerPath, access: .readOnly)
    } catch LedgerError.missing {
      return []
    }
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
