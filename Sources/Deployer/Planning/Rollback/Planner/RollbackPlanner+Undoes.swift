import Ledger

extension RollbackPlanner {
  /// The deployment that the rollback leaves: the newest that brought what one of its services runs now. `nil` if the
  /// ledger has no such deployment, because somebody has changed the host by hand since.
  func deploymentLeft(
    by ways: [RollbackWay], _ newest: Change?
  ) async throws(DeployFailure) -> Deployment? {
    // A service that goes to the very image of its container, which does not run, leaves nothing.
    let services = ways.filter { way in
      way.image == nil || way.image?.id != running.image(of: way.service.value)?.id
    }.map(\.service.value)
    // One of an early ledger that died while the host was changing has recorded no images; what runs is most likely its own.
    if let newest, newest.rows.isEmpty, !Set(newest.services).isDisjoint(with: services) { return newest.deployment }
    var left: Deployment?
    for service in services {
      let history = try await read { () throws(LedgerError) in try await records.history(of: service) }
      guard let change = history.first(where: { $0.hasChanged(service, to: running.image(of: service)) }),
        change.explains(running.image(of: service)), change.deployment.id > left?.id ?? 0,
        !ways.contains(where: { $0.source?.id == change.deployment.id })
      else { continue }
      left = change.deployment
    }
    return left
  }
}

extension LastGood.Past {
  /// Whether it changed the service, as far as that can be told from what runs now.
  fileprivate func hasChanged(_ service: String, to running: ImageIdentity?) -> Bool {
    guard !isEndSeen else { return changed }
    // A service that it did not cover it can only have taken away.
    return covers(service) ? before?.id != running?.id : before != nil && running == nil
  }

  /// Whether what runs now is what it left.
  func explains(_ running: ImageIdentity?) -> Bool {
    guard !isEndSeen else { return after?.id == running?.id }
    guard let running, running.id != before?.id else { return false }
    return ImageName(running.reference).tag == deployment.start.tag
  }
}
