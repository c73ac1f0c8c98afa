import ArgumentParser
import Ledger
import Platform

/// Filters for `history`.
struct HistoryOptions: ParsableArguments {
  @Option(help: "Only deployments of this target.") var target: String?
  @Option(help: "Only deployments on this host: a target, a full host name or its first label.") var host: String?
  @Option(help: "Only deployments of this service.") var service: String?
  @Option(help: "Only deployments of this image tag.") var tag: String?
  @Option(help: "Only deployments by this operator.") var `operator`: String?
  @Option(help: "Only deployments of this batch.") var batch: String?

  @Option(
    help: "Only deployments with this outcome: running, succeeded, failed, cancelled, interrupted or unknown.",
    completion: .list(OutcomeFilter.allCases.map(\.rawValue)), transform: outcome(named:))
  var outcome: OutcomeFilter?

  @Option(
    help: "Only deployments of this kind: deploy or rollback.",
    completion: .list(DeploymentKind.allCases.map(\.rawValue)),
    transform: kind(named:))
  var kind: DeploymentKind?

  @Option(
    help:
      "Only deployments started at or after this time: 2026-11-01, yesterday, an RFC 3339 time, or an age like 12h or 7d.",
    transform: { try TimeArgument.parse($0, endOfDay: false) })
  var since: Date?

  @Option(
    help: "Only deployments started at or before this time.", transform: { try TimeArgument.parse($0, endOfDay: true) })
  var until: Date?

  @Option(help: "The maximum number of deployments to list.") var limit: Int = 50

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
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
    throw ValidationError("unknown outcome '\(word)': expected one of \(known)")
  }
  return outcome
}

@Sendable
private func kind(named word: String) throws -> DeploymentKind {
  guard let kind = DeploymentKind(rawValue: word) else {
    throw ValidationError("unknown kind '\(word)': expected deploy or rollback")
  }
  return kind
}

/// Parses times on the command line, in UTC.
enum TimeArgument {
  /// A day, `today`, `yesterday`, an RFC 3339 time, or an age: a number and `m`, `h`, `d` or `w`. A day is its first moment, or
  /// its last if `endOfDay`.
  static func parse(_ text: String, endOfDay: Bool, now: Date = Date()) throws -> Date {
    if let days = ["today": 0, "yesterday": 1][text] {
      let day = now.addingTimeInterval(-86_400 * Double(days)).formatted(.iso8601).prefix(10)
      return try parse(String(day), endOfDay: endOfDay)
    }
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
    throw ValidationError(
      "invalid time '\(text)': use a value like 2026-11-01, 2026-11-01T14:30:00Z, yesterday, 90m or 7d")
  }
}
