public import Ledger

/// How a deployment that was begun ended, as the ledger has it.
public struct DeployResult: Sendable, Equatable {
  public var deployment: Int64
  public var outcome: Outcome
  public var reason: String?
  /// Another deployment held the host's lock: nothing was done, and trying again will help.
  public var wasLocked: Bool
  /// The ledger could not take the end; it waits in this file for the next command.
  public var spool: String?
  /// What runs now, a line a service.
  public var running: [String]
  /// The services that have a container and none that runs or has done its work, as far as the end was seen.
  public var notRunning: [String] = []
  /// The rollback that followed on its own, if the inventory asks for it and the services did not become healthy.
  public var recovery: [DeployResult] = []

  public var isSuccess: Bool { outcome == .succeeded && spool == nil }

  init(_ deployment: Int64, _ end: DeploymentEnd, spool: String? = nil) {
    self.deployment = deployment
    outcome = end.outcome
    reason = end.reason
    wasLocked = end.wasLocked
    running = end.runningLines
    self.spool = spool
  }
}
