import Ledger

/// Finds what a rollback cannot bring back, since the compose file has no place for it any more: after a renaming, above all.
struct LostServices: Sendable {
  struct Lost: Sendable {
    var service: String
    var image: ImageIdentity
    /// Whether the compose file has it again: then it comes back in the place of what took its own.
    var isInFiles = false
  }

  /// What has changed the services: a deployment, or several that are taken back together.
  struct Cause: Sendable {
    /// The first deployment.
    var first: Int64
    /// What ran before it.
    var before: [String: ImageIdentity]
    var changed: [String]
    /// Those of the changed services that had no container before.
    var brought: [String]
  }

  var records: RollbackRecords
  var running: Observation
  var project: ComposeProject?

  /// The services that ran before and are gone with their place in the compose file. The container may have been removed before
  /// the deployment began: whoever renames a service is told to.
  func since(_ cause: Cause) async throws(LedgerError) -> [Lost] {
    var found = cause.before.sorted { $0.key < $1.key }.compactMap { service, image in
      isGone(service) && !isInFiles(service) ? Lost(service: service, image: image) : nil
    }
    let arrived = cause.brought.compactMap { running.image(of: $0) }
    guard !arrived.isEmpty else { return found }
    for service in try await records.ledger.recordedServices(of: records.target)
    where isGone(service) && !found.contains(where: { $0.service == service }) && !cause.changed.contains(service) {
      guard let newest = try await records.newestSighting(of: service),
        let image = newest.isEndSeen ? newest.after : newest.before,
        arrived.contains(where: { $0.sharesRepository(with: image) }),
        try await !isLeftBehind(newest.deployment, before: cause.first)
      else { continue }
      found.append(Lost(service: service, image: image, isInFiles: isInFiles(service)))
    }
    return found
  }

  private func isGone(_ service: String) -> Bool { running.image(of: service) == nil && project != nil }

  private func isInFiles(_ service: String) -> Bool { project?.service(service) != nil }

  /// Whether all the others that a deployment started, and that the compose file still has, have been deployed again before `first`:
  /// then that has left the service behind.
  private func isLeftBehind(_ deployment: Deployment, before first: Int64) async throws(LedgerError) -> Bool {
    let rest = deployment.start.services.filter(isInFiles)
    // A deployment of that service alone says nothing about others.
    guard !rest.isEmpty else { return false }
    var later = records.newestFirst()
    while let next = try await later.next(), next.id > deployment.id {
      guard next.id < first, next.start.kind == .deploy, next.outcome == .succeeded else { continue }
      if Set(rest).isSubset(of: next.start.services) { return true }
    }
    return false
  }
}

extension [LostServices.Lost] {
  /// Why a new service stays: it has the repository of one of these, and the compose file has no place for that.
  func reasonToStay(_ service: String, on image: ImageIdentity?) -> Unrestored? {
    first { !$0.isInFiles && image?.sharesRepository(with: $0.image) == true }.map {
      Unrestored(
        service: service,
        reason: "stays as it is: it took the place of \($0.service), which the compose file no longer has")
    }
  }
}

extension ImageIdentity {
  fileprivate func sharesRepository(with other: ImageIdentity) -> Bool {
    ImageName(reference).sharesRepository(with: ImageName(other.reference))
  }
}
