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
