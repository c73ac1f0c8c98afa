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
      "Only deployments started at or after this time: 2026-11-01, yesterday, a time like 2026-11-01T14:30Z, or an age like 12h or 7d.",
    transform: { try TimeArgument.parse($0, endOfDay: false) })
  var since: Date?

  @Option(
    help: "Only deployments started at or before this time.", transform: { try TimeArgument.parse($0, endOfDay: true) })
  var until: Date?

  @Option(help: "The maximum number of deployments to list.") var limit: Int = 50

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    guard since ?? .distantPast <= until ?? .distantFuture else {
      throw ValidationError("--until must not be before --since")
    }
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
