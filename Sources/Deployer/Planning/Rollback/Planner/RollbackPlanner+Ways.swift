import Ledger

/// Where each service goes, for each form of the command.
extension RollbackPlanner {
  /// Each named service, or every one, to its own last good image.
  func toLastGood() async throws(DeployFailure) -> Ways {
    var found = Ways()
    let services = try await everyOrNamed()
    guard !services.isEmpty else {
      throw .nothingToRollBackTo([nothingRecorded], nextStep: "ktrdr status \(name)")
    }
    let destination = try await destinationOfNamed()
    let down = try await leftDown(among: services.filter { destination[$0.value] == nil })
    var following: [RollbackWay] = []
    for service in services where isInFiles(service, &found) {
      if let choice = destination[service.value] {
        found.ways.append(.lastGood(service, choice))
        continue
      }
      if let way = down.ways.first(where: { $0.service == service }) {
        found.ways.append(way)
        continue
      }
      if down.well.contains(service) { continue }
      switch try await lastGood(service) {
      case .success(let choice): found.ways.append(.lastGood(service, choice))
      case .failure(let nothing):
        if let way = try await follower(service) {
          following.append(way)
        } else {
          found.notes += RollbackExplanation.lines(service, nothing: nothing)
        }
      }
    }
    // With 'all', a service that keeps its image only goes where others do.
    if found.ways.isEmpty, request.coverage == .all {
      found.notes += following.map { "\($0.service): nothing to go back to" }
      following = []
    }
    guard !(found.ways + following).isEmpty, request.coverage == .all || found.notes.isEmpty else {
      throw nowhere(found.notes)
    }
    found.notes += down.well.map { "\($0): runs its last good image, left alone" }
    found.ways += following
    return found
  }

  /// Where the newest rollback of all that is named was going, if it did not succeed.
  private func destinationOfNamed() async throws(DeployFailure) -> [String: LastGood.Choice] {
    let named = request.named.map(\.value)
    guard let first = named.first,
      let newest = try await read({ () throws(LedgerError) in try await records.history(of: first).first }),
      newest.deployment.start.kind == .rollback, newest.deployment.outcome != .succeeded, newest.reachedHost
    else { return [:] }
    let others = try await read { () throws(LedgerError) in
      var found: Set<Int64?> = []
      for service in named.dropFirst() { found.insert(try await records.history(of: service).first?.deployment.id) }
      return found
    }
    return others.isSubset(of: [newest.deployment.id])
      ? try await destination(of: newest.deployment, covered: named) : [:]
  }

  func to(_ tag: ImageTag, _ services: [ServiceName]) async throws(DeployFailure) -> Ways {
    var found = Ways()
    var following: [RollbackWay] = []
    for service in services where isInFiles(service, &found) {
      let known = try await read { () throws(LedgerError) in try await records.image(of: service.value, tag: tag) }
      guard known != nil || project?.service(service.value)?.takesTag ?? true else {
        if let way = follower(service, on: running.image(of: service.value), with: tag) {
          following.append(way)
          continue
        }
        found.notes.append("\(service): its image takes no tag, left alone")
        continue
      }
      found.ways.append(
        RollbackWay(
          service: service, action: .goes(to: known?.image), tag: tag, variable: tag, source: known?.by,
          explanation: RollbackExplanation.lines(service, tag: tag, known: known)))
    }
    guard !found.ways.isEmpty else {
      guard !services.isEmpty else { throw .usage(nothingRecorded, nextStep: "ktrdr status \(name)") }
      if !services.contains(where: isInFiles) { throw nowhere(found.notes) }
      throw .usage(
        "no image of \(services.map(\.value).joined(separator: ", ")) takes a tag, so there is no tag \(tag) to go to",
        nextStep: "choose a deployment: ktrdr rollback \(name) --to DEPLOYMENT")
    }
    found.ways += following
    return found
  }

  /// What deployment `id` left.
  func to(_ id: Int64) async throws(DeployFailure) -> Ways {
    let list = "ktrdr history --target \(name)"
    let recorded = try await read { () throws(LedgerError) in try await records.ledger.deployment(id) }
    guard let deployment = recorded, deployment.start.target == name.value else {
      let other = recorded.map { ": it belongs to \($0.start.target)" } ?? ""
      throw .usage("\(name) has no deployment \(id)\(other)", nextStep: list)
    }
    if let reason = try await leftNothing(deployment) { throw .nothingToRollBackTo([reason], nextStep: list) }
    // One that it neither found nor left is none that it says anything about.
    let images = try await read { () throws(LedgerError) in
      try await records.images(of: id).filter { $0.before != nil || $0.after != nil }
    }
    let services = request.named.isEmpty ? images.compactMap { try? ServiceName($0.service) } : request.named
    var found = Ways()
    for service in services {
      let record = images.first { $0.service == service.value }
      if let image = record?.after {
        guard isInFiles(service, &found) else { continue }
        found.ways.append(
          RollbackWay(
            service: service, action: .goes(to: image),
            tag: (ImageName(image.reference).tag ?? deployment.start.tag).flatMap { try? ImageTag($0) },
            source: deployment, explanation: RollbackExplanation.lines(service, image, chosen: deployment)))
      } else if record?.before != nil {
        found.ways.append(.removal(of: service, because: "deployment \(id) removed it"))
      } else {
        throw .nothingToRollBackTo(["deployment \(id) recorded no image of \(service)"], nextStep: list)
      }
    }
    guard !found.ways.isEmpty, leavesSomething(found.ways) || found.ways.contains(where: { !$0.isRemoved }) else {
      guard found.notes.isEmpty else { throw nowhere(found.notes) }
      throw .nothingToRollBackTo(["deployment \(id) recorded no image"], nextStep: list)
    }
    return found
  }

  /// Why there is nothing that a deployment left, if that is so.
  private func leftNothing(_ deployment: Deployment) async throws(DeployFailure) -> String? {
    let reached = try await read { () throws(LedgerError) in try await records.reachedHost(deployment) }
    if deployment.outcome != .succeeded, !reached { return "deployment \(deployment.id) changed nothing" }
    guard deployment.isEndSeen else {
      return "nobody saw what deployment \(deployment.id) left (\(deployment.outcome?.rawValue ?? "running"))"
    }
    return nil
  }

  func everyOrNamed() async throws(DeployFailure) -> [ServiceName] {
    request.coverage == .all ? try await recordedAndThere() : request.named
  }

  private func recordedAndThere() async throws(DeployFailure) -> [ServiceName] {
    let recorded = try await read { () throws(LedgerError) in
      try await records.ledger.recordedServices(of: name.value)
    }
    return recorded.filter(running.services.contains).compactMap { try? ServiceName($0) }
  }

  private var nothingRecorded: String {
    "nothing that runs in \(request.target.directory) on \(request.target.host) is recorded for \(name)"
  }

  /// Whether it can come back: whoever took a service out of the compose files does not want it back, and no rollback could start it.
  /// Who names it hears that from the checks.
  func isInFiles(_ service: ServiceName) -> Bool {
    !request.named.isEmpty || project == nil || project?.service(service.value) != nil
  }

  private func isInFiles(_ service: ServiceName, _ found: inout Ways) -> Bool {
    if !isInFiles(service) { found.notes.append(Self.notInFiles(service)) }
    return isInFiles(service)
  }

  static func notInFiles(_ service: ServiceName) -> String {
    "\(service): the compose file no longer has it, left alone"
  }

  func leavesSomething(_ removals: [RollbackWay]) -> Bool {
    let removed = removals.map(\.service.value)
    return !removals.isEmpty
      && running.containers.contains { container in
        container.state == "running" && !removed.contains(container.service)
          && project.map { $0.service(container.service) != nil } ?? true
      }
  }

  /// What a change that is taken back left there, be it no container, counts as what runs where somebody has removed the container since,
  /// and where somebody has replaced it while others still run what the change left: or the service would come to the version
  /// that the others leave.
  func lastGood(
    _ service: ServiceName, leaving change: Change? = nil
  ) async throws(DeployFailure) -> Result<LastGood.Choice, LastGood.Nothing> {
    let history = try await read { () throws(LedgerError) in try await records.history(of: service.value) }
    let own = running.telling(of: service.value)
    let repository = project?.repository(of: service.value)
    let now = running.image(of: service.value)
    let left = change?.left(service.value)
    let isStillThere = change?.isStillThere(running) == true
    let isHalfTakenBack = change?.isHalfTakenBack == true
    // What a rollback was doing is ended, wherever it went.
    if isHalfTakenBack,
      let choice = LastGood.isBack(history: history, running: now, repository: repository, isByHand: !isStillThere)
    {
      return .success(choice)
    }
    let isReplaced = (isStillThere || isHalfTakenBack) && now?.id != left?.id
    if own.isEmpty || isReplaced, left != nil || change?.tookAway(service.value) == true,
      let choice = try? LastGood.choose(
        history: history, running: left, container: own.isEmpty ? .removed : .replaced,
        repository: repository)
    {
      return .success(choice)
    }
    if let choice = LastGood.isBack(history: history, running: now, repository: repository) { return .success(choice) }
    return Result { () throws(LastGood.Nothing) in
      try LastGood.choose(
        history: history, running: now, found: now,
        container: own.contains { $0.state == "running" } ? .running : .stopped, repository: repository)
    }
  }

  /// Going back with other services would take good versions from them, so nothing but a choice is named.
  func nowhere(_ lines: [String]) -> DeployFailure {
    .nothingToRollBackTo(lines, nextStep: "choose an image: ktrdr rollback \(name) --to TAG|DEPLOYMENT")
  }
}
