import Ledger
import Platform

/// Words that several parts of a report share.
enum ReportWords {
  /// `2026-11-01 to 2026-11-28`, by the days in UTC.
  static func period(_ content: ReportContent) -> String {
    let until = day(content.until.map { min($0, content.generatedAt) } ?? content.generatedAt)
    guard let since = content.since ?? content.found.population.first?.startedAt else { return "until \(until)" }
    return "\(day(since)) to \(until)"
  }

  static func day(_ date: Date) -> String { String(date.rfc3339.prefix(10)) }

  /// `2026-11-24 10:17:03`, in UTC, which the column's head says.
  static func time(_ date: Date) -> String { String(TimeText.short(date).dropLast()) }

  /// Services and destination.
  static func what(_ deployment: Deployment) -> String {
    let start = deployment.start
    let arrow = start.kind == .rollback ? "↩" : "→"
    let destination = start.tag.map { [arrow, $0] } ?? (start.kind == .rollback ? [arrow] : [])
    return ([start.services.joined(separator: " ")] + destination).filter { !$0.isEmpty }.joined(separator: " ")
  }

  static func reason(_ deployment: Deployment) -> String {
    (deployment.reason ?? "").byteLines.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The first ten digits; a star says that there were changes besides.
  static func commit(_ deployment: Deployment) -> String {
    guard let commit = deployment.start.gitSHA else { return "–" }
    return commit.prefix(10) + (deployment.start.gitDirty == true ? "*" : "")
  }

  static func took(_ deployment: Deployment) -> String { deployment.durationMS.map(TimeText.took) ?? "–" }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension Outcome? {
  /// The sign, the word, and the class that gives it its colour.
  var shown: (sign: String, word: String, style: String) {
    let signs = Signs.unicode
    return switch self {
    case .succeeded: (signs.succeeded, "succeeded", "good")
    case .failed: (signs.failed, "failed", "bad")
    case .cancelled: (signs.cancelled, "cancelled", "warn")
    case .interrupted: (signs.interrupted, "interrupted", "warn")
    case .unknown: (signs.unknown, "unknown", "warn")
    case nil: (signs.running, "running", "warn")
    }
  }

  var markup: Markup { "<span class=\(shown.style)>\(shown.sign) \(shown.word)</span>" }
}

extension Deployment {
  /// Its number. Leads to its row, if the page has one.
  func link(_ isOnPage: Bool = true) -> Markup { isOnPage ? "<a href=\"#d\(id)\">#\(id)</a>" : "#\(id)" }
}
