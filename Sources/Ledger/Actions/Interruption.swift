extension DeploymentLedger {
  /// Where the locks of the targets lie: beside the ledger.
  public nonisolated var lockDirectory: String { System.split(path).directory }

  /// Ends every deployment of `target` that has no end as `interrupted`, each with the reason that its recorded steps
  /// give. The caller holds the target's `TargetLock`, which shows that their clients died. Ends that wait in spool files
  /// are recorded first: those deployments have an end.
  /// - Returns: The deployments that were ended now, oldest first.
  public func markInterrupted(
    target: String, reason: @Sendable ([StepRecord]) -> String
  ) throws(LedgerError) -> [Deployment] {
    try ingestSpool()
    var ended: [Deployment] = []
    for deployment in try inFlight(target: target) {
      let lasted = milliseconds(of: now()) - milliseconds(of: deployment.startedAt)
      let finish = Finish(
        outcome: .interrupted, reason: reason(try steps(of: deployment.id)), durationMS: max(0, lasted))
      try record(finish, of: deployment.id)
      ended += try self.deployment(deployment.id).map { [$0] } ?? []
    }
    return ended
  }
}
