extension DeploymentLedger {
  /// The directory with the locks of the targets: the ledger's own.
  public nonisolated var lockDirectory: String { System.split(path).directory }

  /// Ends every deployment of `target` that has not ended, as `interrupted` and with the reason that its recorded steps
  /// give. The caller holds the target's `TargetLock`, which proves that their clients died. Ends that wait in spool files
  /// are recorded first: those deployments have an end.
  /// - Returns: The deployments that this call ended, oldest first.
  public func markInterrupted(
    target: String, reason: @Sendable ([StepRecord]) -> String
  ) throws(LedgerError) -> [Deployment] {
    try ingestSpool()
    var ended: [Deployment] = []
    for deployment in try inFlight(target: target) {
      let duration = elapsed(from: milliseconds(of: deployment.startedAt), to: milliseconds(of: now()))
      let finish = Finish(
        outcome: .interrupted, reason: reason(try steps(of: deployment.id)), durationMS: duration)
      try record(finish, of: deployment.id)
      ended += try self.deployment(deployment.id).map { [$0] } ?? []
    }
    return ended
  }
}
