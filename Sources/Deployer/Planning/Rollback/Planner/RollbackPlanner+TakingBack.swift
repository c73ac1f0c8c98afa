import Ledger

/// What becomes of each service of the newest change.
extension RollbackPlanner {
  /// Without named services, the newest change is taken back as a whole.
  func takingBack(_ change: Change) async throws(DeployFailure) -> Ways {
    var found = Ways()
    if let begun = change.begun {
      found.notes.append("rollback \(begun.id) did not succeed: this one ends what it began")
    } else if change.last.start.kind == .rollback {
      found.notes.append(
        "the newest change is rollback \(change.last.id): this goes further back, from what it went back to")
    }
    var following = try await followers(of: change)
    found.notes += change.restored.filter { name in !following.contains { $0.service.value == name } }.map {
      "\($0): back on what it ran before deployment \(change.first(of: $0)), left alone"
    }
    var destination: [String: LastGood.Choice] = [:]
    var change = change
    if let begun = change.begun {
      let covered = change.services + following.map(\.service.value)
      destination = try await self.destination(of: begun, covered: covered, leaving: change)
      // Going somewhere else was meant for those alone that it covered.
      if !destination.isEmpty || change.isElsewhere(after: begun, running) {
        change.services.removeAll { !begun.start.services.contains($0) }
        following.removeAll { !begun.start.services.contains($0.service.value) }
      }
    }
    let places = try await read { () throws(LedgerError) in
      try await LostServices(records: records, running: running, project: project).since(change.cause)
    }
    let lost = places.filter { !$0.isInFiles }
    var absent: [ServiceName] = []
    var settled: [(service: ServiceName, nothing: LastGood.Nothing)] = []
    for (name, choice) in destination.sorted(by: { $0.key < $1.key }) where !change.services.contains(name) {
      if let service = try? ServiceName(name) { found.ways.append(.lastGood(service, choice)) }
    }
    for service in change.services.compactMap({ try? ServiceName($0) }) {
      if !change.brought.contains(service.value), let choice = destination[service.value] {
        found.ways.append(.lastGood(service, choice))
        continue
      }
      switch try await fate(of: service, in: change, places) {
      case .goes(let way): found.ways.append(way)
      case .isLeftAlone(let note): found.notes.append(note)
      case .cannotGo(let why): found.unrestored.append(why)
      case .hasNowhere(let nothing):
        if let since = nothing.goodSince, since < change.deployment.id {
          settled.append((service, nothing))
          continue
        }
        found.notes += RollbackExplanation.lines(service, nothing: nothing)
        let isThere = running.services.contains(service.value)
        if nothing.wasAbsent {
          // Without a container it is where it was before the first deployment.
          if isThere { absent.append(service) }
        } else {
          let why = nothing.otherRepository.map { "what ran before is of another repository, \($0)" }
          found.unrestored.append(
            Unrestored(
              service: service.value,
              reason: "\(isThere ? "stays as it is" : "does not come back"): "
                + (why ?? "there is no image to go back to")))
        }
      }
    }
    // What was renamed has its old name in the compose file again.
    found.fill(
      places.filter(\.isInFiles).compactMap { former in
        (try? ServiceName(former.service)).flatMap { startedAgain($0, on: former.image, which: "its last good image") }
      })
    found.fill(stopped(by: change))
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
      throw nowhere(found.notes + found.ways.map { "\($0.service): \(since)" })
    }
    found.ways += absent.map { .removal(of: $0, because: "the ledger has no good version of it") }
    found.fill(following)
    return found
  }

  /// What becomes of one service of a change that is taken back.
  private enum Fate {
    case goes(RollbackWay)
    case isLeftAlone(String)
    case cannotGo(Unrestored)
    case hasNowhere(LastGood.Nothing)
  }

  private func fate(
    of service: ServiceName, in change: Change, _ lost: [LostServices.Lost]
  ) async throws(DeployFailure) -> Fate {
    let first = change.first(of: service.value)
    let now = running.image(of: service.value)
    if change.brought.contains(service.value) {
      let earlier = try await read { () throws(LedgerError) in
        try await records.left(service.value, before: first)
      }
      guard let earlier else { return removal(of: service, in: change, lost) }
      guard isInFiles(service) else { return .isLeftAlone(Self.notInFiles(service)) }
      // It came back after somebody had removed it: only to another image is there something to take back.
      guard let now, now.id != earlier.id else {
        // What did not succeed may have left it down.
        if now != nil, change.deployment.outcome != .succeeded || change.isHalfTakenBack,
          let way = startedAgain(service, on: earlier, which: "the image that it had before deployment \(first)")
        {
          return .goes(way)
        }
        let what = now == nil ? "somebody has removed it again" : "left alone"
        return .isLeftAlone("\(service): deployment \(first) brought it back as it was before, \(what)")
      }
    }
    guard isInFiles(service) else { return .isLeftAlone(Self.notInFiles(service)) }
    return switch try await lastGood(service, leaving: change) {
    case .success(let choice): .goes(.lastGood(service, choice))
    case .failure(let nothing): .hasNowhere(nothing)
    }
  }

  /// A service that the change brought goes, unless it has taken the place of one that cannot come back.
  private func removal(of service: ServiceName, in change: Change, _ lost: [LostServices.Lost]) -> Fate {
    if let reason = lost.reasonToStay(service.value, on: running.image(of: service.value)) { return .cannotGo(reason) }
    let users = project?.users(of: service.value).filter { running.services.contains($0) } ?? []
    let need = users.isEmpty ? "" : "; by today's compose file \(users.joined(separator: ", ")) depends on it"
    let since = "it did not run before deployment \(change.first(of: service.value))"
    return .goes(.removal(of: service, because: since + need))
  }

  /// The services that a deployment was to start, that were there before it and do not fully run now, on the image that they had: what
  /// did not succeed may have stopped them. Compose replaces what depends on a service along with it, and starts it last.
  private func stopped(by change: Change) -> [RollbackWay] {
    let newest = change.deployment
    let isGood = newest.outcome == .succeeded
    let failed = change.attempts + (isGood ? [] : [newest])
    return change.rows.sorted { $0.key < $1.key }.compactMap { name, row in
      guard failed.contains(where: { $0.start.services.contains(name) }), !change.services.contains(name),
        !(isGood && newest.start.services.contains(name)), let before = row.before, let service = try? ServiceName(name)
      else { return nil }
      return startedAgain(service, on: before, which: "the image that it had before deployment \(row.deployment)")
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
}
