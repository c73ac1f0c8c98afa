import Ledger

/// What `stats` prints for programs: a figure a line, with its target; `all` is over all targets. Durations are in
/// milliseconds, rates from 0 to 1, and what does not exist is `-`.
enum StatsText {
  static func tabSeparated(_ statistics: Statistics) -> String {
    let all = statistics.targets.map { ($0.name, $0.figures) } + [("all", statistics.all)]
    return TabSeparated.text(
      ["TARGET", "FIGURE", "VALUE"], all.flatMap { name, figures in rows(figures).map { [name, $0.0, $0.1] } })
  }

  private static func rows(_ figures: Figures) -> [(String, String)] {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "-" }
    func spread(_ name: String, _ spread: Spread?) -> [(String, String)] {
      [
        ("\(name)_count", "\(spread?.count ?? 0)"), ("\(name)_median_ms", spread.map { "\($0.medianMS)" } ?? "-"),
        ("\(name)_p90_ms", spread.map { "\($0.p90MS)" } ?? "-"),
      ]
    }
    let counts: [(String, Int)] = [
      ("deployments", figures.deployments), ("unchanged", figures.unchanged), ("rollbacks", figures.rollbacks),
      ("changes", figures.changes), ("failed", figures.failed), ("rolled_back", figures.rolledBack),
      ("not_judged", figures.notKnown), ("changed_nothing", figures.changedNothing), ("running", figures.running),
      ("not_restored", figures.notRestored), ("restore_unknown", figures.restoreNotKnown),
    ]
    return [
      ("weeks", number(figures.weeks)), ("deployments_per_week", number(figures.deploymentsPerWeek)),
      ("change_failure_rate", number(figures.changeFailureRate)),
    ] + counts.map { ($0.0, "\($0.1)") } + spread("time_to_restore", figures.timeToRestore)
      + spread("duration", figures.duration) + figures.steps.flatMap { spread("step_\($0.name)", $0.spread) }
  }
}
