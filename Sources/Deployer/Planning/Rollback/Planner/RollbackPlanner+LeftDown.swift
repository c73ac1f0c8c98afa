import Ledger

/// What a deployment that did not succeed has left down although its image is good: it is only started again.
extension RollbackPlanner {
  /// The services that the newest deployment left down, if it changed no image and all that it covered is otherwise as it should be.
  func leftDown() async throws(DeployFailure) -> [RollbackWay] {
    guard request.destination == .lastGood, request.undoing == nil, request.named.isEmpty else { return [] }
    return try await read { () throws(LedgerError) in
      let good = try await records.newestGood()
      var deployments = records.newestFirst()
      while let deployment = try await deployments.next(), deployment.outcome != .succeeded {
        guard try await records.reachedHost(deployment) else { continue }
        guard try await records.change(by: deployment, running) == nil else {
          // What a rollback changed is ended otherwise.
          if deployment.start.kind == .rollback { continue }
          return []
        }
        let found = try await leftDown(by: deployment, try await records.rows(of: deployment), good)
        if !found.isEmpty { return found }
      }
      return []
    }
  }

  private func leftDown(
    by deployment: Deployment, _ rows: [String: Change.Row], _ good: [String: ImageIdentity]
  ) async throws(LedgerError) -> [RollbackWay] {
    var found: [RollbackWay] = []
    for service in deployment.start.services.compactMap({ try? ServiceName($0) }) {
      let now = running.image(of: service.value)
      guard let image = good[service.value] else {
        // Of one that is new, and that never came to be, there is nothing to start again.
        guard now == nil else { return [] }
        continue
      }
      guard (rows[service.value]?.before ?? image).id == image.id, (now ?? image).id == image.id,
        try await !records.isLeft(service.value, by: deployment, running)
      else { return [] }
      if let way = startedAgain(service, on: image, which: "its last good image") {
        found.append(way)
      } else if !running.telling(of: service.value).allSatisfy(running.isUp) {
        return []
      }
    }
    return found
  }

  /// The same of named services. If there are any, those of the others that run what is good are well.
  func leftDown(
    among services: [ServiceName]
  ) async throws(DeployFailure) -> (ways: [RollbackWay], well: [ServiceName]) {
    guard request.coverage != .all else { return ([], []) }
    return try await read { () throws(LedgerError) in
      let good = try await records.newestGood()
      var ways: [RollbackWay] = []
      var well: [ServiceName] = []
      for service in services {
        guard let image = good[service.value] else { continue }
        if let newest = try await records.history(of: service.value).first, newest.reachedHost,
          newest.covers(service.value), newest.deployment.outcome != .succeeded,
          (newest.before ?? image).id == image.id,
          try await !records.isLeft(service.value, by: newest.deployment, running),
          let way = startedAgain(service, on: image, which: "its last good image")
        {
          ways.append(way)
        } else if running.image(of: service.value)?.id == image.id,
          running.telling(of: service.value).allSatisfy(running.isUp)
        {
          well.append(service)
        }
      }
      return ways.isEmpty ? ([], []) : (ways, well)
    }
  }
}
