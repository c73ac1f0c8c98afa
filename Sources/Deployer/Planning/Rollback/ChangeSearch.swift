import Ledger

/// Looks for the newest change of one target, in the light of what runs.
struct ChangeSearch {
  let records: RollbackRecords
  let running: Observation
  /// What Compose makes of the files; `nil` if it could not read them.
  let project: ComposeProject?

  /// The newest deployment that changed a service. Where rollbacks of one did not succeed, it is that one still, unless they went
  /// forward.
  func newest() async throws(LedgerError) -> Change? {
    var tried: [Change] = []
    var found: Change?
    var deployments = records.newestFirst()
    while found == nil, let deployment = try await deployments.next() {
      let isRollback = deployment.start.kind == .rollback
      if isRollback, deployment.outcome == .succeeded, tried.isEmpty { found = try await inPlace(since: deployment) }
      guard found == nil, let change = try await change(by: deployment) else { continue }
      if try await isInVain(deployment) { tried.append(change) } else { found = change }
    }
    if let change = found { found?.begun = try await begun(change) }
    guard let newest = tried.first else { return found }
    guard var change = found, tried.allSatisfy({ change.isOf($0.deployment.start.undoes) }) else { return newest }
    change.standing = .halfTakenBack
    return change
  }

  /// Whether it is a rollback that went back and did not succeed. One that went forward is like a deployment.
  private func isInVain(_ deployment: Deployment) async throws(LedgerError) -> Bool {
    guard deployment.start.kind == .rollback, deployment.outcome != .succeeded else { return false }
    return try await records.wasGoingBack(deployment, running)
  }

  /// The newest rollback since a change that came as far as the host and did not succeed, if it was of that change.
  private func begun(_ change: Change) async throws(LedgerError) -> Deployment? {
    var later = records.newestFirst()
    while let deployment = try await later.next(), deployment.id > change.deployment.id {
      guard deployment.start.kind == .rollback, deployment.outcome != .succeeded,
        try await records.reachedHost(deployment)
      else { continue }
      guard try await isInVain(deployment) else { return nil }
      let undone = deployment.start.undoes
      return change.isOf(undone) || change.last.id == undone ? deployment : nil
    }
    return nil
  }

  /// What a deployment changed, with the attempts that it carried on; `nil` if that is nothing.
  private func change(by deployment: Deployment) async throws(LedgerError) -> Change? {
    let own = try await records.change(by: deployment, running)
    // One that failed and changed nothing made nothing good: those before it stand for themselves.
    guard deployment.start.kind == .deploy, own != nil || deployment.outcome == .succeeded, own?.rows.isEmpty != true
    else { return own }
    let attempts = try await attempts(carriedOnBy: deployment)
    guard !attempts.isEmpty, let whole = try await joined(deployment, own, attempts) else { return own }
    // One that changed nothing itself made good what it covered, and nothing else.
    return own != nil || Set(whole.services).isSubset(of: deployment.start.services) ? whole : nil
  }

  // MARK: - Attempts

  /// The deployments that did not succeed and that this one carried on, newest first.
  private func attempts(carriedOnBy deployment: Deployment) async throws(LedgerError) -> [Deployment] {
    var found: [Int64: Deployment] = [:]
    var open = [deployment]
    while let next = open.popLast() {
      for service in next.start.services {
        guard let attempt = try await attempt(carriedOnBy: next, service), found[attempt.id] == nil else { continue }
        found[attempt.id] = attempt
        open.append(attempt)
      }
    }
    return found.values.sorted { $0.id > $1.id }
  }

  /// The one before it that covered a service and did not succeed, if the service still had what that one left, or nothing any more,
  /// and none in between has made it good.
  private func attempt(
    carriedOnBy deployment: Deployment, _ service: String
  ) async throws(LedgerError) -> Deployment? {
    let history = try await records.history(of: service)
    guard let index = history.index(of: deployment) else { return nil }
    let found = history[index].before
    for past in history[(index + 1)...] where past.reachedHost {
      guard past.deployment.outcome != .succeeded else { return nil }
      let hasChanged = past.isEndSeen ? past.changed : past.before?.id != found?.id
      guard past.deployment.start.kind == .deploy else {
        if hasChanged { return nil }
        continue
      }
      let isCarriedOn = found == nil || (hasChanged ? past.explains(found) : past.before?.id == found?.id)
      return isCarriedOn ? past.deployment : nil
    }
    return nil
  }

  /// All of them as one change, starting from what ran before the first; `nil` if every service is back on that.
  private func joined(
    _ deployment: Deployment, _ own: Change?, _ attempts: [Deployment]
  ) async throws(LedgerError) -> Change? {
    var change = Change(
      deployment: deployment, attempts: attempts, services: [], rows: try await records.rows(of: deployment))
    var services = Set(own?.services ?? [])
    for attempt in attempts {
      for (service, row) in try await records.rows(of: attempt) {
        let history = try await records.history(of: service)
        let later = history.newer(than: attempt)
        guard !later.contains(where: { $0.deployment.outcome == .succeeded && $0.deployment.id < deployment.id }) else {
          continue
        }
        guard history.index(of: attempt) != nil else {
          // It only saw it there, as a rollback before it may have left it.
          change.rows[service] = change.rows[service] ?? row
          continue
        }
        let left = row.isEndSeen ? row.after : later.last.map(\.before) ?? running.image(of: service)
        // A service that it did not cover it can only have taken away.
        let isItsOwn = attempt.start.services.contains(service) || left == nil
        guard row.before?.id != left?.id, isItsOwn else {
          // It may have been stopped.
          change.rows[service] = change.rows[service] ?? row
          continue
        }
        services.insert(service)
        let newest = change.rows[service] ?? row
        change.rows[service] = Change.Row(
          deployment: attempt.id, before: row.before, after: newest.after, isEndSeen: newest.isEndSeen)
      }
    }
    for service in services.sorted() {
      guard let row = change.rows[service] else { continue }
      let isRestored = row.before?.id == (row.isEndSeen ? row.after : running.image(of: service))?.id
      if isRestored { change.restored.append(service) } else { change.services.append(service) }
    }
    return change.services.isEmpty ? nil : change
  }

  // MARK: - After a rollback

  /// The newest change whose result is in place once `rollback` has succeeded: that of the deployment which first put there what runs,
  /// with the services of which that is true.
  private func inPlace(since rollback: Deployment) async throws(LedgerError) -> Change? {
    var bringers: [String: Int64] = [:]
    var hasFailed: Set<Int64> = []
    for service in try await records.ledger.recordedServices(of: records.target) {
      let states = GoodStates(of: try await records.history(of: service))
      if let attempt = states.attempt(beside: running.image(of: service)), try await !isInVain(attempt) {
        bringers[service] = attempt.id
        hasFailed.insert(attempt.id)
      } else {
        bringers[service] = states.topSource
      }
    }
    for id in Set(bringers.values).sorted(by: >) {
      // What somebody chose that had been left is a version of its own.
      guard id != rollback.id else { return nil }
      guard let deployment = try await records.ledger.deployment(id), let whole = try await change(by: deployment)
      else { continue }
      var change = whole
      change.services = whole.services.filter { whole.isOf(bringers[$0]) }
      if !hasFailed.contains(id) { change.standing = .broughtBack(by: rollback) }
      // What the compose file no longer has cannot go back, and that has been told.
      let canMove = change.services.contains {
        change.brought.contains($0) || project?.service($0) != nil || project == nil
      }
      if canMove { return change }
    }
    return nil
  }
}

extension [LastGood.Past] {
  /// The newest is first, so it can be looked up.
  fileprivate func newer(than deployment: Deployment) -> SubSequence {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].deployment.id > deployment.id { low = middle + 1 } else { high = middle }
    }
    return self[..<low]
  }

  fileprivate func index(of deployment: Deployment) -> Int? {
    let index = newer(than: deployment).endIndex
    return index < endIndex && self[index].deployment.id == deployment.id ? index : nil
  }
}
