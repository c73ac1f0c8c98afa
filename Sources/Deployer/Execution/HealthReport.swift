import Ledger

/// What watching the services came to.
struct HealthReport: Sendable {
  var verdict: Health
  /// The newest observation.
  var last: Observation
  var step: FinishedStep
  /// The services of which it is not known yet.
  var pending: [String] = []
  /// The operator did not want to wait until it was decided.
  var wasCutShort = false

  /// How a deployment ends with this verdict, and with the step `up` if that failed.
  func end(upFailure: FinishedStep?, plan: Plan) -> DeploymentEnd {
    var reasons: [String] = []
    if let upFailure {
      let words = "up failed with status \(upFailure.status ?? 255): \(upFailure.lastLine.excerpt)"
      let isLate = upFailure.status == RemoteScript.endedByTimeout
      reasons.append(isLate ? "up did not end within \(plan.target.upTimeout.text)" : words)
    }
    if case .unhealthy(_, _, let reason) = verdict { reasons.append(reason) }
    if verdict == .healthy { reasons += plan.wrongImages(in: last) }
    guard reasons.isEmpty else { return .failed(reasons.joined(separator: "; ")) }
    guard verdict == .pending else { return DeploymentEnd(outcome: .succeeded, reason: plan.caveat) }
    guard !wasCutShort else { return .failed("it was not yet known whether the services become healthy") }
    let names = pending.isEmpty ? "" : ": \(pending.joined(separator: ", "))"
    return .failed("not healthy after \(plan.target.watchLimit.text)\(names)")
  }
}
