import Ledger
import Platform

/// What `stats` shows on a terminal: the targets side by side, then how long the steps took.
struct StatsTable {
  /// The columns of the longest bar.
  private static let barWidth = 12

  var statistics: Statistics
  var appearance: Appearance

  private typealias Row = (name: String, figures: Figures)

  /// One target is all there is to say; of several, the last row is over all.
  private var rows: [Row] {
    let targets = statistics.targets.map { (name: $0.name, figures: $0.figures) }
    return targets.count == 1 ? targets : targets + [(name: "all", figures: statistics.all)]
  }

  var lines: [String] {
    let leftOut = FigureText.leftOut(statistics.all).map { "  \($0)" }
    return [heading, ""] + targetLines + [""] + stepLines + (leftOut.isEmpty ? [] : ["", "left out:"] + leftOut)
  }

  private var heading: String {
    let (from, to) = (statistics.period.lowerBound, statistics.period.upperBound)
    let weeks = FigureText.weeks(statistics.all.weeks)
    let text = "\(TimeText.short(from)) to \(TimeText.short(to)), \(weeks) weeks"
    return statistics.all.weeks < 1 ? "\(text): less than a week has no weekly figure" : text
  }

  private var targetLines: [String] {
    let columns = [
      Column(title: "TARGET"), Column(title: "A WEEK", isRightAligned: true), Column(title: "", fit: .dropped(rank: 1)),
      Column(title: "DEPLOYED", fit: .dropped(rank: 3), isRightAligned: true),
      Column(title: "FAILED", isRightAligned: true), Column(title: "", fit: .dropped(rank: 2), gap: 1),
      Column(title: "RESTORED IN", isRightAligned: true),
      Column(title: "P90", fit: .dropped(rank: 4), isRightAligned: true),
    ]
    // The bar of all targets together would make all others small.
    let most = statistics.targets.compactMap(\.figures.deploymentsPerWeek).max() ?? 0
    let cells = rows.enumerated().map { index, row -> [Cell] in
      let figures = row.figures
      let isTarget = index < statistics.targets.count
      return [
        Cell(row.name, isTarget ? nil : .bold), text(FigureText.perWeek(figures)),
        isTarget ? bar(figures.deploymentsPerWeek ?? 0, of: most) : "", "\(figures.deployments)",
        text(FigureText.failureRate(figures)),
        figures.changes > 0 ? "\(figures.failed + figures.rolledBack) of \(figures.changes)" : "",
        text(figures.timeToRestore.map { TimeText.took($0.medianMS) }),
        text(figures.timeToRestore.map { TimeText.took($0.p90MS) }),
      ]
    }
    return Table(columns: columns, rows: cells).lines(width: appearance.width, in: appearance)
  }

  /// The whole deployment, then each step of it. A target's name stands in its first line.
  private var stepLines: [String] {
    let columns = [
      Column(title: "TARGET"), Column(title: "STEP"), Column(title: "MEDIAN", isRightAligned: true),
      Column(title: "", fit: .dropped(rank: 1)), Column(title: "P90", isRightAligned: true),
      Column(title: "", fit: .dropped(rank: 0)), Column(title: "COUNT", fit: .dropped(rank: 2), isRightAligned: true),
    ]
    let all = rows.map { row -> [(String, Spread)] in
      (row.figures.duration.map { [("deployment", $0)] } ?? []) + row.figures.steps.map { ($0.name, $0.spread) }
    }
    let most = Double(all.joined().map(\.1.p90MS).max() ?? 0)
    let cells = zip(rows, all).flatMap { row, spreads in
      spreads.enumerated().map { index, spread -> [Cell] in
        let (name, times) = spread
        return [
          Cell(index == 0 ? row.name : ""), Cell(name, index == 0 ? .bold : nil), Cell(TimeText.took(times.medianMS)),
          bar(Double(times.medianMS), of: most), Cell(TimeText.took(times.p90MS)), bar(Double(times.p90MS), of: most),
          "\(times.count)",
        ]
      }
    }
    guard !cells.isEmpty else { return ["no deployment succeeded: no durations"] }
    return Table(columns: columns, rows: cells).lines(width: appearance.width, in: appearance)
  }

  private func text(_ figure: String?) -> Cell { Cell(figure ?? appearance.signs.absent) }

  /// Something that is not nothing has at least one column.
  private func bar(_ value: Double, of most: Double) -> Cell {
    guard value > 0, most > 0 else { return "" }
    let length = max(1, Int((value / most * Double(Self.barWidth)).rounded()))
    return Cell(String(repeating: appearance.signs.bar, count: length))
  }
}
