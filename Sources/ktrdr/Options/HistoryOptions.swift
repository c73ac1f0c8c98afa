import ArgumentParser
import Ledger
import Platform

/// Which deployments a history lists.
struct HistoryOptions: ParsableArguments {
  @Option(help: "Only this target's.") var target: String?
  @Option(help: "Only this host's: a target's name, a full host name or its first label.") var host: String?
  @Option(help: "Only those that covered this service.") var service: String?
  @Option(help: "Only this image tag's.") var tag: String?
  @Option(help: "Only this operator's.") var `operator`: String?
  @Option(help: "Only this batch's.") var batch: String?

  @Option(
    help: "Only with this outcome: running, succeeded, failed, cancelled, interrupted or unknown.",
    transform: outcome(named:))
  var outcome: OutcomeFilter?

  @Option(help: "Only of this kind: deploy or rollback.", transform: kind(named:))
  var kind: DeploymentKind?

  @Option(
    help: "Only those that began at this time or later: 2026-11-01, an RFC 3339 time, or 90m, 12h, 7d ago.",
    transform: { try Moment.parse($0, endOfDay: false) })
  var since: Date?

  @Option(
    help: "Only those that began at this time or earlier.", transform: { try Moment.parse($0, endOfDay: true) })
  var until: Date?

  @Option(help: "At most this many.") var limit: Int = 50

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit takes a number from 1 up") }
  }

  var filter: HistoryFilter {
    HistoryFilter(
      target: target, host: host, service: service, tag: tag, operator: `operator`, outcome: outcome, kind: kind,
      batch: batch, since: since, until: until, limit: limit)
  }
}

@Sendable
private func outcome(named word: String) throws -> OutcomeFilter {
  guard let outcome = OutcomeFilter(rawValue: word) else {
    let known = OutcomeFilter.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("'\(word)' is no outcome; there are \(known)")
  }
  return outcome
}

@Sendable
private func kind(named word: String) throws -> DeploymentKind {
  guard let kind = DeploymentKind(rawValue: word) else {
    throw ValidationError("'\(word)' is no kind; there are deploy and rollback")
  }
  return kind
}

/// A point in time as people type it, in UTC.
enum Moment {
  static func parse(_ text: String, endOfDay: Bool, now: Date = Date()) throws -> Date {
    if let unit = text.last, let count = Int(text.dropLast()), count >= 0,
      let seconds = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800][String(unit)]
    {
      return now.addingTimeInterval(-Double(count) * Double(seconds))
    }
    if let date = try? Date(text, strategy: .iso8601) { return date }
    if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) { return date }
    if let day = try? Date("\(text)T00:00:00Z", strategy: .iso8601) {
      return endOfDay ? day.addingTimeInterval(86_399.999) : day
    }
    throw ValidationError("'\(text)' is no time; use 2026-11-01, 2026-11-01T14:30:00Z, or 90m, 12h, 7d")
  }
}
