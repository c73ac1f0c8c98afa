import Ledger

/// Why a run ends before its last step.
enum RunFailure: Error {
  /// The end is known.
  case ended(DeploymentEnd)
  /// The host did not answer.
  case host(HostError)
  /// The ledger cannot take a step, so nothing further is changed.
  case ledger(LedgerError)
}

extension RunFailure {
  /// How a run of `plan` ends with it.
  func end(of plan: Plan, hostChanged: Bool) -> DeploymentEnd {
    switch self {
    case .ended(let end): return end
    case .ledger(let error):
      guard hostChanged else { return .failed("the ledger failed before anything was changed: \(error.message)") }
      return .unknown(
        "the ledger failed while the deployment was running; check with: ktrdr status \(plan.target.name)")
    case .host(.connectionLost):
      let host = plan.target.host
      var end =
        hostChanged
        ? DeploymentEnd.unknown("the connection to \(host) was lost after 'up' had begun")
        : DeploymentEnd.failed("the connection to \(host) was lost; nothing was changed")
      end.isCut = true
      return end
    case .host(.misbehaved):
      return .unknown("\(SSHFailure.unaskedStep.what(host: plan.target.host)), so nothing that it says can be believed")
    case .host(.unavailable):
      guard hostChanged else {
        return .failed("could not list the containers on \(plan.target.host); nothing was changed")
      }
      let what = "Docker on \(plan.target.host) no longer responds, so what runs is unknown"
      return .unknown("\(what); check with: ktrdr status \(plan.target.name)")
    }
  }
}
