import Ledger

/// The tag's variable, where the compose file has that elsewhere than in an image: in an environment, a label, a path. It goes back with the
/// images, also in a service that keeps its own.
extension RollbackPlanner {
  /// The services that a change has started anew on the image that they had, with another tag elsewhere.
  func followers(of change: Change) async throws(DeployFailure) -> [RollbackWay] {
    let started = ([change.deployment] + change.attempts).reduce(into: Set()) { $0.formUnion($1.start.services) }
    var found: [RollbackWay] = []
    for (name, row) in change.rows.sorted(by: { $0.key < $1.key }) {
      guard started.contains(name), !change.services.contains(name), let before = row.before,
        let service = try? ServiceName(name)
      else { continue }
      let tag = try await read { () throws(LedgerError) in
        try await records.variable(of: name, takesTag: takesTag(name), on: before.id, leftBy: row.deployment)
      }
      if let way = follower(service, on: before, with: tag.flatMap { try? ImageTag($0) }) { found.append(way) }
    }
    return found
  }

  /// The services of a change that are covered if it is to go to a tag: those that it has changed, and those of its followers whose image
  /// takes none.
  func goingToTag(of change: Change) async throws(DeployFailure) -> [ServiceName] {
    let following = try await followers(of: change).map(\.service)
    return change.services.compactMap { try? ServiceName($0) }
      + following.filter { !takesTag($0.value) }
  }

  /// A service that only goes where others do, if it runs on that image. `tag` is `nil` for the one that they go to.
  func follower(_ service: ServiceName, on image: ImageIdentity?, with tag: ImageTag?) -> RollbackWay? {
    guard hasTagBesides(service), isInFiles(service), let image, running.image(of: service.value)?.id == image.id,
      running.telling(of: service.value).contains(where: \.hasProcess)
    else { return nil }
    return RollbackWay(
      service: service, action: .goes(to: image), tag: ImageName(image.reference).tag.flatMap { try? ImageTag($0) },
      variable: tag, isAlong: true)
  }

  /// The same of a service that goes back by itself, to the last tag that was good and that it does not have now.
  func follower(_ service: ServiceName) async throws(DeployFailure) -> RollbackWay? {
    let name = service.value
    let tag = try await read { () throws(LedgerError) in
      try await records.lastVariable(of: name, takesTag: takesTag(name), in: running)
    }
    guard let tag = tag.flatMap({ try? ImageTag($0) }) else { return nil }
    return follower(service, on: running.image(of: name), with: tag)
  }

  private func takesTag(_ service: String) -> Bool { project?.service(service)?.takesTag ?? true }

  /// The same ways with the tag that each gets. Those that go along have one to go to if others go anywhere.
  func withVariables(_ ways: [RollbackWay]) async throws(DeployFailure) -> [RollbackWay] {
    var ways = ways
    for index in ways.indices where ways[index].variable == nil && !ways[index].isAlong {
      let way = ways[index]
      ways[index].variable = try await variable(of: way)
      // Of an image that does not follow the tag, its own says nothing about what the service has elsewhere.
      if hasTagBesides(way.service), way.takesTag(project) == 0 { ways[index].tag = ways[index].variable ?? way.tag }
    }
    let leader = leading(ways.filter { !$0.isRemoved })
    for index in ways.indices where ways[index].isAlong {
      let way = ways[index]
      let tag = way.variable ?? (way.takesTag(project) == 1 ? way.tag : leader?.variable ?? leader?.tag)
      ways[index].variable = tag
      ways[index].tag = tag
      let variable = "\(request.target.tagVariable)\(tag.map { "=\($0)" } ?? "")"
      ways[index].explanation = [
        "\(way.service): keeps its image, and gets \(variable), which the compose file has elsewhere in it"
      ]
    }
    return ways
  }

  /// Whether the tag's variable has something else for a service than it is to have, as far as the ledger knows.
  func hasAnotherVariable(_ way: RollbackWay) async throws(DeployFailure) -> Bool {
    guard hasTagBesides(way.service), let wanted = way.variable else { return false }
    return try await read { () throws(LedgerError) in
      let name = way.service.value
      return try await records.variable(of: name, takesTag: takesTag(name), in: running) != wanted.value
    }
  }

  func hasTagBesides(_ service: ServiceName) -> Bool { project?.service(service.value)?.hasTagBesides == true }

  private func variable(of way: RollbackWay) async throws(DeployFailure) -> ImageTag? {
    guard let image = way.image else { return way.isRemoved ? nil : way.tag }
    let service = way.service.value
    let known = try await read { () throws(LedgerError) in
      try await records.variable(
        of: service, takesTag: takesTag(service), on: image.id, before: way.source.map { $0.id + 1 } ?? .max)
    }
    // What does not follow the tag gets what the others run, if nobody knows what it had.
    let other = way.takesTag(project) == 1 ? way.tag?.value : running.tag(in: project)
    return (known ?? other).flatMap { try? ImageTag($0) }
  }

  /// The one whose tag is recorded: of those that follow the tag, the one of the newest deployment.
  func leading(_ ways: [RollbackWay]) -> RollbackWay? {
    let own = ways.filter { !$0.isAlong }
    return (own.isEmpty ? ways : own).max {
      ($0.takesTag(project), $0.source?.id ?? 0) < ($1.takesTag(project), $1.source?.id ?? 0)
    }
  }
}
