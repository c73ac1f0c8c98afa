import Ledger

/// Figures as text, the same in every form of output. `nil` for a figure that does not exist.
enum FigureText {
  /// `4.2` deployments a week.
  static func perWeek(_ figures: Figures) -> String? { figures.deploymentsPerWeek.map(tenths) }

  /// `12.5%` of the changes failed.
  static func failureRate(_ figures: Figures) -> String? {
    figures.changeFailureRate.map { "\(tenths($0 * 100))%" }
  }

  /// `12.6` weeks.
  static func weeks(_ weeks: Double) -> String { tenths(weeks) }

  /// What is left out of the figures, and why, each with its number.
  static func leftOut(_ figures: Figures) -> [String] {
    let reasons: [(Int, String)] = [
      (figures.notKnown, "cancelled, interrupted or unknown: not judged"),
      (figures.changedNothing, "ended before the host was changed: not a change"),
      (figures.running, "running: not ended"),
      (figures.notRestored, "failed and not restored yet: no time to restore"),
      (figures.restoreNotKnown, "restored after the clock went back: no time to restore"),
    ]
    return reasons.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  }

  /// With one digit after the point, rounded half up.
  private static func tenths(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
