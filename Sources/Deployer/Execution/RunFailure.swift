import Ledger

/// Why a run ends before its last step.
enum RunFailure: Error {
  /// It is known how.
  case ended(DeploymentEnd)
  /// The host did not answer.
  case host(HostError)
  /// The ledger cannot take a step: nothing further is begun then.
  case ledger(LedgerError)
}
