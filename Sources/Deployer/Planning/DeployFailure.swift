public import Ledger

/// Why a deployment was not begun. What went wrong after its beginning is in the ledger instead.
public enum DeployFailure: Error, Equatable {
  /// The checks found these problems, all of them.
  case validation([Problem])
  /// 1Password does not give what the deployment needs.
  case secrets([Problem])
  /// Another deployment of this target is under way on this machine.
  case locked(holder: String)
  case ledger(LedgerError)
  /// A rollback has no image to go to. A line for each reason; those that begin with spaces belong to the one above.
  case nothingToRollBackTo([String], nextStep: String)
  /// The operator asked for something that makes no sense.
  case usage(String, nextStep: String)
  /// `ssh` is not installed here, or could not be started.
  case sshUnavailable(reason: String)
  /// The operator stopped it before it had begun.
  case stopped
  /// Another target's failure kept it from beginning.
  case skipped(reason: String)
}

extension DeployFailure {
  /// The failure, once the connection is closed and it is known why `ssh` failed.
  init(_ failure: PreparationFailure, _ diagnostics: SSHDiagnostics, host: HostName) {
    switch failure {
    case .refused(let failure): self = failure
    case .unreachable(let problems): self = .validation([diagnostics.failure.problem(host: host)] + problems)
    }
  }
}
