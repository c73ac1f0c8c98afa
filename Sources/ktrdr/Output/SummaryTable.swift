import Deployer
import Ledger

/// The table at the end of a command that went to several targets.
enum SummaryTable {
  static func lines(_ results: [RunResult], in appearance: Appearance) -> [String] {
    let columns = ["TARGET", "DEPLOYMENT", "OUTCOME"].map { Column(title: $0) }
    return Table(
      columns: columns + [Column(title: "REASON", fit: .cut(least: 12, rank: 1))],
      rows: results.map { result in [Cell(result.target.name.value)] + cells(result.outcome) }
    ).lines(width: appearance.width, in: appearance)
  }

  private static func cells(_ outcome: Fleet.Outcome) -> [Cell] {
    let deployment = (try? outcome.get()).map { "\($0.deployment)" } ?? "-"
    let words = OutcomeWords(outcome)
    return [Cell(deployment), Cell(words.word, words.color), reason(words.reason ?? "")]
  }

  /// What does not fit on a line of a log is in the report of its target, above the table.
  private static func reason(_ text: String) -> Cell { Cell(String(text.prefix(100))) }
}
