public import Ledger

/// Why a deployment was not begun. What went wrong after its beginning is in the ledger instead.
public enum DeployFailure: Error, Equatable {
  /// The validation found these problems, all of them.
  case validation([Problem])
  /// 1Password does not give what the deployment needs.
  case secrets([Problem])
  /// Another deployment of this target is under way on this machine.
  case locked(holder: String)
  case ledger(LedgerError)
  /// `ssh` is not installed here, or could not be started.
  case noSSH(reason: String)
  /// The operator stopped it before it had begun.
  case stopped
}

/// What became of a deployment that was begun, as the ledger has it.
public struct DeployResult: Sendable, Equatable {
  public var deployment: Int64
  public var outcome: Outcome
  public var reason: String?
  /// Another deployment held the host's lock: nothing was done, and trying again will help.
  public var wasLocked: Bool
  /// The ledger could not take the end; it waits in this file for the next command.
  public var spool: String?
}
