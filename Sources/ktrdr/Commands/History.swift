import ArgumentParser
import Ledger

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List recorded deployments, newest first.",
    discussion: """
      Examples:
        ktrdr history --host workers-b
        ktrdr history --outcome failed --since 2026-11-01
        ktrdr history --format csv --limit 1000
      """)

  @OptionGroup var filter: HistoryOptions
  @Option(help: "How to print the list.") var format: Format = .table
  @OptionGroup var global: GlobalOptions

  /// The shapes of a list.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
  }

  func run() async throws {
    let found: [Deployment]
    do throws(LedgerError) {
      found = try await list()
    } catch {
      throw Failure(error)
    }
    switch format {
    case .json: global.console.print(try JSONText.of(found.map { DeploymentRecord($0) }))
    case .csv: for line in HistoryText.csv(found) { global.console.print(line) }
    case .table:
      if found.isEmpty {
        global.console.note("no deployments recorded that match, in \(global.ledgerPath)")
      } else {
        global.console.print(HistoryText.table(found))
      }
    }
  }

  private func list() async throws(LedgerError) -> [Deployment] {
    let ledger: Ledger
    do throws(LedgerError) {
      ledger = try await Ledger.open(path: global.ledgerPath, access: .readOnly)
    } catch LedgerError.missing {
      return []
    }
    return try await ledger.history(filter.filter)
  }
}
