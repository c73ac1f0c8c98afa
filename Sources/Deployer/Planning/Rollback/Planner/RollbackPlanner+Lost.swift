import Ledger

/// What a rollback cannot bring back, since the compose file has no place for it any more: after a renaming, above all.
extension RollbackPlanner {
  struct Lost {
    var service: String
    var image: ImageIdentity
    /// Whether the compose file has it again: then it comes back in the place of what took its own.
    var isInFiles = false
  }

  /// The services that ran before a change and are gone with their place in the compose file. The container may have been removed before
  /// the change began: whoever renames a service is told to.
  func lost(since change: Change) async throws(DeployFailure) -> [Lost] {
    let recorded = change.rows.sorted { $0.key < $1.key }.compactMap { service, row in
      row.before.flatMap { isGone(service) && !isInFiles(service) ? Lost(service: service, image: $0) : nil }
    }
    let arrived = change.brought.compactMap { running.image(of: $0) }.map { ImageName($0.reference) }
    guard !arrived.isEmpty else { return recorded }
    let earlier = try await read { () throws(LedgerError) in
      var found: [Lost] = []
      for service in try await records.ledger.recordedServices(of: records.target)
      where isGone(service) && !recorded.contains(where: { $0.service == service })
        && !change.services.contains(service)
      {
        guard let newest = try await records.newestSighting(of: service),
          let image = newest.isEndSeen ? newest.after : newest.before,
          arrived.contains(where: { $0.sharesRepository(with: ImageName(image.reference)) }),
          try await !isSucceeded(newest.deployment, before: change)
        else { continue }
        found.append(Lost(service: service, image: image, isInFiles: isInFiles(service)))
      }
      return found
    }
    return recorded + earlier
  }

  private func isGone(_ service: String) -> Bool { running.image(of: service) == nil && project != nil }

  private func isInFiles(_ service: String) -> Bool { project?.service(service) != nil }

  /// Whether all the others that a deployment started, and that the compose file still has, have been deployed again before the change
  /// began: then that has left the service behind, and not the change.
  private func isSucceeded(_ deployment: Deployment, before change: Change) async throws(LedgerError) -> Bool {
    let rest = deployment.start.services.filter { project?.service($0) != nil }
    // A deployment of that service alone says nothing about others.
    guard !rest.isEmpty else { return false }
    let first = (change.attempts.last ?? change.deployment).id
    var later = records.newestFirst()
    while let next = try await later.next(), next.id > deployment.id {
      guard next.id < first, next.start.kind == .deploy, next.outcome == .succeeded else { continue }
      if Set(rest).isSubset(of: next.start.services) { return true }
    }
    return false
  }
}
