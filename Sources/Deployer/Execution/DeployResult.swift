public import Ledger

/// What became of a deployment that was begun, as the ledger has it.
public struct DeployResult: Sendable, Equatable {
  public var deployment: Int64
  public var outcome: Outcome
  public var reason: String?
  /// Another deployment held the host's lock: nothing was done, and trying again will help.
  public var wasLocked: Bool
  /// The ledger could not take the end; it waits in this file for the next command.
  public var spool: String?
  /// The rollback that followed on its own, where the inventory asks for it.
  public var recovery: Recovery?

  init(deployment: Int64, outcome: Outcome, reason: String?, wasLocked: Bool) {
    self.deployment = deployment
    self.outcome = outcome
    self.reason = reason
    self.wasLocked = wasLocked
  }

  func with(_ recovery: Recovery) -> DeployResult {
    var result = self
    result.recovery = recovery
    return result
  }

  /// A rollback of services that did not become healthy.
  public struct Recovery: Sendable, Equatable {
    public var deployment: Int64
    public var outcome: Outcome
    public var reason: String?
    /// What runs now, a line a service.
    public var running: [String]
  }
}
