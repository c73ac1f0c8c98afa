public import Ledger

/// What taking back a batch comes to.
public enum BatchToUndo: Sendable, Equatable {
  /// The deployments that succeeded and changed something, oldest first: one for each target that goes back.
  case deployments([Deployment])
  /// Nothing is on record.
  case unknown
  /// It is a batch of rollbacks.
  case rollback
  /// None of its deployments succeeded.
  case unsuccessful
  /// None of those that succeeded changed anything.
  case unchanged

  /// `batch` is the id of a batch, or the number of a deployment in it.
  public static func find(_ batch: String, in ledger: DeploymentLedger) async throws(LedgerError) -> BatchToUndo {
    var id: String? = batch
    if let number = Int64(batch) { id = try await ledger.deployment(number)?.start.batch }
    guard let id else { return .unknown }
    let found = try await ledger.history(HistoryFilter(batch: id, limit: 10_000))
    guard !found.isEmpty else { return .unknown }
    let deployments = found.filter { $0.start.kind == .deploy }
    guard !deployments.isEmpty else { return .rollback }
    let succeeded = deployments.filter { $0.outcome == .succeeded }
    guard !succeeded.isEmpty else { return .unsuccessful }
    var changed: [Deployment] = []
    for deployment in succeeded.reversed()
    where try await ledger.images(of: deployment.id).contains(where: \.isChange) {
      changed.append(deployment)
    }
    return changed.isEmpty ? .unchanged : .deployments(changed)
  }
}
