import Ledger

/// Where each service goes, for each form of the command.
extension RollbackPlanner {
  /// Without named services, the newest change is taken back as a whole.
  func takingBack(_ change: Change) async throws(DeployFailure) -> Ways {
    var found = Ways()
    if change.last.start.kind == .rollback {
      found.notes.append(
        "the newest change is rollback \(change.last.id): this goes further back, from what it went back to")
    }
    let isStillThere = change.services.contains { service in
      change.left(service).map { $0.id == running.image(of: service)?.id } ?? false
    }
    let lost = try await lost(since: change)
    found.notes += change.restored.map {
      "\($0): runs again what it ran before deployment \(change.rows[$0]?.deployment ?? change.deployment.id), left alone"
    }
    var absent: [ServiceName] = []
    var settled: [(service: ServiceName, nothing: LastGood.Nothing)] = []
    for service in change.services.compactMap({ try? ServiceName($0) }) {
      let isBrought = change.brought.contains(service.value)
      let first = change.rows[service.value]?.deployment ?? change.deployment.id
      let earlier = try await read { () throws(LedgerError) in
        isBrought ? try await records.left(service.value, before: first) : nil
      }
      let now = running.image(of: service.value)
      if isBrought, earlier == nil {
        let taken = now.map { ImageName($0.reference) }
        if let former = lost.first(where: { taken?.sharesRepository(with: ImageName($0.image.reference)) == true }) {
          found.unrestored.append(
            "\(service) stays as it is: it took the place of \(former.service), which the compose file no longer has")
          continue
        }
        let users = project?.users(of: service.value).filter { running.services.contains($0) } ?? []
        let need = users.isEmpty ? "" : "; by today's compose file \(users.joined(separator: ", ")) depends on it"
        let since = "it did not run before deployment \(first)"
        found.ways.append(.removal(of: service, because: since + need))
        continue
      }
      guard isInFiles(service, &found) else { continue }
      // It came back after somebody had removed it: only to another image is there something to take back.
      if let earlier, now == nil || now?.id == earlier.id {
        let fate = now == nil ? "somebody has removed it again" : "left alone"
        found.notes.append("\(service): deployment \(first) brought it back as it was before, \(fate)")
        continue
      }
      switch try await lastGood(service, leaving: change, isStillThere: isStillThere) {
      case .success(let choice): found.ways.append(.lastGood(service, choice))
      case .failure(let nothing):
        if let since = nothing.goodSince, since < change.deployment.id {
          settled.append((service, nothing))
          continue
        }
        found.notes += RollbackExplanation.lines(service, nothing: nothing)
        if nothing.wasAbsent {
          // Without a container it is where it was before the first deployment.
          if running.services.contains(service.value) { absent.append(service) }
        } else {
          let what = running.services.contains(service.value) ? "stays as it is" : "does not come back"
          let why = nothing.otherRepository.map { "what ran before is of another repository, \($0)" }
          found.unrestored.append("\(service) \(what): \(why ?? "there is no image to go back to")")
        }
      }
    }
    let goesBack = found.ways.contains { !$0.isRemoved }
    found.notes += settled.flatMap { service, nothing in
      goesBack
        ? ["\(service): runs its last good image, left alone"] : RollbackExplanation.lines(service, nothing: nothing)
    }
    found.notes += lost.map { "\($0.service): ran before, and the compose file no longer has it" }
    // Services that the change brought are only removed by themselves if it did nothing else, and something still runs then.
    let mayOnlyRemove = change.onlyBrings && lost.isEmpty && absent.isEmpty && found.unrestored.isEmpty
    guard goesBack || (mayOnlyRemove && leavesSomething(found.ways)) else {
      let since = "nothing to go back to, since nothing ran before it"
      throw try await nowhere(found.notes + found.ways.map { "\($0.service): \(since)" })
    }
    found.ways += absent.map { .removal(of: $0, because: "the ledger has no good version of it") }
    found.ways += stopped(by: change)
    return found
  }

  /// The services that a deployment was to start, that were there before it and do not fully run now, on the image that they had: what
  /// did not succeed may have stopped them. Compose replaces what depends on a service along with it, and starts it last.
  private func stopped(by change: Change) -> [RollbackWay] {
    guard change.deployment.outcome != .succeeded else { return [] }
    return change.rows.sorted { $0.key < $1.key }.compactMap { name, row in
      guard change.deployment.start.services.contains(name), !change.services.contains(name), let before = row.before,
        let service = try? ServiceName(name)
      else { return nil }
      return startedAgain(
        service, on: before, which: "the image that it had before deployment \(change.deployment.id)")
    }
  }

  /// The way of a service that is down, or not fully up, on an image that is as it should be; `nil` if it is not.
  func startedAgain(_ service: ServiceName, on image: ImageIdentity, which words: String) -> RollbackWay? {
    let name = service.value
    guard isInFiles(service), running.image(of: name).map({ $0.id == image.id }) ?? true,
      let shortage = running.services.contains(name)
        ? running.shortage(of: name, in: project)?.words : "does not run"
    else { return nil }
    return RollbackWay(
      service: service, action: .goes(to: image), tag: ImageName(image.reference).tag.flatMap { try? ImageTag($0) },
      explanation: ["\(service): \(shortage), started again on \(words)"])
  }

  /// Whether it can come back, which a note says if not: whoever took a service out of the compose files does not want it back,
  /// and no rollback could start it. Who names it hears that from the checks.
  private func isInFiles(_ service: ServiceName, _ found: inout Ways) -> Bool {
    guard !isInFiles(service) else { return true }
    found.notes.append("\(service): the compose file no longer has it, left alone")
    return false
  }

  private func isInFiles(_ service: ServiceName) -> Bool {
    !request.named.isEmpty || project == nil || project?.service(service.value) != nil
  }

  private func leavesSomething(_ removals: [RollbackWay]) -> Bool {
    let removed = removals.map(\.service.value)
    return !removals.isEmpty && running.containers.contains { $0.state == "running" && !removed.contains($0.service) }
  }

  /// Each named service, or every one, to its own last good image.
  func toLastGood() async throws(DeployFailure) -> Ways {
    var found = Ways()
    let services = try await everyOrNamed()
    guard !services.isEmpty else {
      throw .nothingToRollBackTo([nothingRecorded], nextStep: "ktrdr status \(name)")
    }
    for service in services where isInFiles(service, &found) {
      if let way = try await leftDown(service) {
        found.ways.append(way)
        continue
      }
      switch try await lastGood(service) {
      case .success(let choice): found.ways.append(.lastGood(service, choice))
      case .failure(let nothing): found.notes += RollbackExplanation.lines(service, nothing: nothing)
      }
    }
    guard !found.ways.isEmpty, request.coverage == .all || found.notes.isEmpty else {
      throw try await nowhere(found.notes)
    }
    return found
  }

  func to(_ tag: ImageTag, _ services: [ServiceName]) async throws(DeployFailure) -> Ways {
    var found = Ways()
    for service in services where isInFiles(service, &found) {
      let known = try await read { () throws(LedgerError) in try await records.image(of: service.value, tag: tag) }
      guard known != nil || project?.service(service.value)?.takesTag ?? true else {
        found.notes.append("\(service): its image takes no tag, left alone")
        continue
      }
      found.ways.append(
        RollbackWay(
          service: service, action: .goes(to: known?.image), tag: tag, source: known?.by,
          explanation: RollbackExplanation.lines(service, tag: tag, known: known)))
    }
    guard !found.ways.isEmpty else {
      guard !services.isEmpty else { throw .usage(nothingRecorded, nextStep: "ktrdr status \(name)") }
      if !services.contains(where: isInFiles) { throw try await nowhere(found.notes) }
      throw .usage(
        "no image of \(services.map(\.value).joined(separator: ", ")) takes a tag, so there is no tag \(tag) to go to",
        nextStep: "choose a deployment: ktrdr rollback \(name) --to DEPLOYMENT")
    }
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
      guard found.notes.isEmpty else { throw try await nowhere(found.notes) }
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

  /// What a change that is taken back left there, be it no container, counts as what runs where somebody has removed the container since,
  /// and where somebody has replaced it while others still run what the change left: or the service would come to the version
  /// that the others leave.
  private func lastGood(
    _ service: ServiceName, leaving change: Change? = nil, isStillThere: Bool = false
  ) async throws(DeployFailure) -> Result<LastGood.Choice, LastGood.Nothing> {
    let history = try await read { () throws(LedgerError) in try await records.history(of: service.value) }
    let own = running.telling(of: service.value)
    let repository = project?.repository(of: service.value)
    let now = running.image(of: service.value)
    let left = change?.left(service.value)
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

  private func nowhere(_ lines: [String]) async throws(DeployFailure) -> DeployFailure {
    let choice = "choose an image: ktrdr rollback \(name) --to TAG|DEPLOYMENT"
    let all = "for every service: ktrdr rollback \(name) all; or "
    return .nothingToRollBackTo(lines, nextStep: try await isAllOfUse() ? all + choice : choice)
  }

  /// Whether `rollback TARGET all` would find something to go back to.
  private func isAllOfUse() async throws(DeployFailure) -> Bool {
    guard request.coverage == .changed else { return false }
    for service in try await recordedAndThere() where isInFiles(service) {
      if case .success = try await lastGood(service) { return true }
    }
    return false
  }
}
