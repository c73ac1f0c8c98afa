import Ledger

/// What a deployment that did not succeed has left down although its image is good: it is only started again.
extension RollbackPlanner {
  /// The services that the newest deployment left down, if it changed no image and all that it covered is otherwise as it should be.
  func leftDown() async throws(DeployFailure) -> [RollbackWay] {
    guard request.destination == .lastGood, request.undoing == nil, request.coverage == .changed else { return [] }
    return try await read { () throws(LedgerError) in
      let good = try await records.newestGood()
      var deployments = records.newestFirst()
      while let deployment = try await deployments.next(), deployment.outcome != .succeeded {
        let isRollback = deployment.start.kind == .rollback
        guard !isRollback, try await records.reachedHost(deployment) else { continue }
        guard try await records.change(by: deployment, running) == nil else { return [] }
        let found = leftDown(by: deployment, try await records.rows(of: deployment), good)
        if !found.isEmpty { return found }
      }
      return []
    }
  }

  private func leftDown(
    by deployment: Deployment, _ rows: [String: Change.Row], _ good: [String: ImageIdentity]
  ) -> [RollbackWay] {
    var found: [RollbackWay] = []
    for service in deployment.start.services.compactMap({ try? ServiceName($0) }) {
      let now = running.image(of: service.value)
      guard let before = rows[service.value]?.before else {
        // Of one that is new, and that never came to be, there is nothing to start again.
        guard now == nil else { return [] }
        continue
      }
      guard good[service.value]?.id == before.id, now.map({ $0.id == before.id }) ?? true else { return [] }
      if let way = startedAgain(service, on: before, after: deployment) {
        found.append(way)
      } else if !running.telling(of: service.value).allSatisfy(running.isUp) {
        return []
      }
    }
    return found
  }

  /// The same of one service that is named: the newest deployment of it was to start it.
  func leftDown(_ service: ServiceName) async throws(DeployFailure) -> RollbackWay? {
    guard request.coverage != .all else { return nil }
    let (newest, good) = try await read { () throws(LedgerError) in
      (try await records.history(of: service.value).first, try await records.newestGood()[service.value])
    }
    guard let newest, newest.reachedHost, newest.covers(service.value), newest.deployment.outcome != .succeeded,
      newest.deployment.start.kind == .deploy, let before = newest.before, before.id == good?.id
    else { return nil }
    return startedAgain(service, on: before, after: newest.deployment)
  }
}
