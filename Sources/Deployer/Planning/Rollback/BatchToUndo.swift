public import Ledger

/// What taking back a batch comes to.
public enum BatchToUndo: Sendable, Equatable {
  /// The deployments that succeeded and changed something, oldest first: one for each target that goes back. `left` are those that did
  /// not succeed and may have changed something that is still there. `repaired` are those outside the batch that brought its version to
  /// a target where it had failed.
  case deployments([Deployment], left: [Deployment], repaired: [Deployment])
  /// Nothing is on record.
  case unknown
  /// It is a batch of rollbacks.
  case rollback
  /// None of its deployments succeeded; `left` as above.
  case unsuccessful(left: [Deployment])
  /// None of those that succeeded changed anything.
  case unchanged

  /// Looks a batch up: by its id, or by the number of a deployment in it.
  public static func find(_ batch: String, in ledger: DeploymentLedger) async throws(LedgerError) -> BatchToUndo {
    var id: String? = batch
    if let number = Int64(batch) { id = try await ledger.deployment(number)?.start.batch }
    guard let id else { return .unknown }
    let found = try await ledger.history(HistoryFilter(batch: id, limit: 10_000))
    guard !found.isEmpty else { return .unknown }
    let deployments = found.filter { $0.start.kind == .deploy }
    guard !deployments.isEmpty else { return .rollback }
    let succeeded = deployments.filter { $0.outcome == .succeeded }
    let (left, repaired) = try await left(by: deployments.reversed(), in: ledger)
    guard !succeeded.isEmpty else { return .unsuccessful(left: left) }
    var changed: [Deployment] = []
    for deployment in succeeded.reversed()
    where try await ledger.images(of: deployment.id).contains(where: \.isChange) {
      changed.append(deployment)
    }
    return changed.isEmpty ? .unchanged : .deployments(changed, left: left, repaired: repaired)
  }

  /// Those that came as far as the host without success, and after which nothing has succeeded there, like a rollback of their own; or what
  /// has brought the same tag there since.
  private static func left(
    by deployments: [Deployment], in ledger: DeploymentLedger
  ) async throws(LedgerError) -> (left: [Deployment], repaired: [Deployment]) {
    var (left, repaired): ([Deployment], [Deployment]) = ([], [])
    for deployment in deployments where deployment.outcome != nil && deployment.outcome != .succeeded {
      let target = deployment.start.target
      let records = RollbackRecords(ledger: ledger, target: target)
      guard try await records.reachedHost(deployment) else { continue }
      let newest = try await ledger.history(HistoryFilter(target: target, outcome: .finished(.succeeded), limit: 1))
        .first
      guard let newest, newest.id > deployment.id else {
        left.append(deployment)
        continue
      }
      if newest.start.kind == .deploy, newest.start.tag == deployment.start.tag { repaired.append(newest) }
    }
    return (left, repaired)
  }
}
