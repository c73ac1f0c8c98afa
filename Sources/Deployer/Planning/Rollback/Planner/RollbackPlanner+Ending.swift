import Ledger

/// A rollback that did not succeed is ended by the next one, wherever it went.
extension RollbackPlanner {
  /// Where `rollback` was going, by service, if that is not where they go anyway, or if it was of more services than those that are
  /// `covered`. Its record has the tag that it went to: what is good and of that tag, and has left what runs by now, was its destination.
  func destination(
    of rollback: Deployment, covered: [String], leaving change: Change? = nil
  ) async throws(DeployFailure) -> [String: LastGood.Choice] {
    guard let tag = rollback.start.tag, let undone = rollback.start.undoes else { return [:] }
    let services = rollback.start.services.compactMap { try? ServiceName($0) }.filter(isInFiles)
    let (candidates, moved) = try await read { () throws(LedgerError) in
      let filter = HistoryFilter(
        target: records.target, tag: tag, outcome: .finished(.succeeded), limit: Self.candidates)
      let rows = try await records.rows(of: rollback)
      return (
        try await records.ledger.history(filter).filter { $0.id < undone },
        services.filter { service in
          running.image(of: service.value).map { $0.id != rows[service.value]?.before?.id } ?? false
        }
      )
    }
    for candidate in candidates {
      let good = try await read { () throws(LedgerError) in
        try await records.good(services.map(\.value), at: candidate.id, before: rollback.id)
      }
      guard moved.allSatisfy({ good[$0.value]?.image.id == running.image(of: $0.value)?.id }) else { continue }
      if services.contains(where: { !covered.contains($0.value) }) { return good }
      for service in services where project?.service(service.value)?.takesTag ?? true {
        let usual = try? await lastGood(service, leaving: change).get()
        if let there = good[service.value], there.image.id != usual?.image.id { return good }
      }
      return [:]
    }
    return [:]
  }

  /// How many deployments of one tag are looked at.
  private static let candidates = 64
}

extension RollbackRecords {
  /// What was good of each service when a deployment had ended, by what was on record before a later one.
  fileprivate func good(
    _ services: [String], at id: Int64, before later: Int64
  ) async throws(LedgerError) -> [String: LastGood.Choice] {
    var found: [String: LastGood.Choice] = [:]
    for service in services {
      let earlier = try await history(of: service).filter { $0.deployment.id < later }
      guard !earlier.isEmpty, let source = GoodStates(of: earlier).source(at: id),
        let past = earlier.first(where: { $0.deployment.id == source }), let image = past.after
      else { continue }
      found[service] = LastGood.Choice(image: image, source: past.deployment, isObserved: false, skipped: [])
    }
    return found
  }
}
