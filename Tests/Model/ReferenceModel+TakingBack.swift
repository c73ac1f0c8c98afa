import Ledger

/// What becomes of each service of a change that is taken back.
extension ReferenceModel {
  /// Takes back the newest change as a whole.
  func takeBack(_ whole: ModelChange, _ world: ModelWorld) -> Choice {
    var change = whole
    let begun = begun(whole, world)
    // One that went somewhere else was meant for those alone that it covered.
    var following = followers(of: whole, world)
    let destination = destination(of: begun, covered: whole.services.union(following.keys), world) {
      usual($0, takingBack: whole, world)
    }
    if let begun {
      let isElsewhere = whole.services.intersection(begun.services).contains { service in
        guard let row = whole.rows[service], let now = world.images[service], row.before != nil else { return false }
        return row.wasSeen && now != row.after && now != row.before
      }
      if isElsewhere || !destination.isEmpty {
        change.services.formIntersection(begun.services)
        following = following.filter { begun.services.contains($0.key) }
      }
    }
    func earlier(_ service: String) -> ModelImage? {
      change.rows[service].flatMap { left(service, before: $0.first) }
    }
    let brought = change.brought.filter { earlier($0) == nil }
    let present = change.services.subtracting(file.absent)
    // A service that came back after a hand had removed it is taken back only to another image.
    let asBefore = present.intersection(change.brought).subtracting(brought).filter { service in
      world.images[service].map { $0 == earlier(service) } ?? true
    }
    let rest = present.subtracting(brought).subtracting(asBefore)
    var goals = usual(rest, takingBack: change, world)
    for (service, goal) in destination where !change.brought.contains(service) { goals[service] = goal }
    // What was brought back and is down is started again, if nobody has stopped it since.
    for service in asBefore where change.newest.outcome != .succeeded || triedInVain(change, world) {
      guard let image = earlier(service), world.containers[service]?.isRunning == false else { continue }
      goals[service] = .image(image, sources: [])
    }
    for (service, image) in stopped(by: change, world) where !change.services.contains(service) && goals[service] == nil
    {
      goals[service] = .image(image, sources: [])
    }
    guard !goals.isEmpty || !brought.isEmpty else { return .refused(.nothingToGoBackTo) }
    let gone = gone(
      since: change.attempts.last?.id ?? change.newest.id, before: change.rows.compactMapValues(\.before),
      changed: change.services, brought: change.brought, world)
    // What ran before cannot come back: what took its place stays.
    let lost = gone.filter { file.absent.contains($0.key) }
    var staying = brought.filter { service in
      world.containers[service] != nil
        && lost.keys.contains { ModelStack.isRenamed($0, to: service) }
    }
    // Unless the compose file has the old name again.
    for (service, image) in gone where lost[service] == nil && goals[service] == nil {
      goals[service] = .image(image, sources: [])
    }
    guard !goals.isEmpty || lost.isEmpty else { return .refused(.nothingToGoBackTo) }
    let othersGoBack = !goals.isEmpty
    for service in rest where goals[service] == nil {
      let states = GoodStates(of: service, records, running: world.images[service])
      let beganWithNothing = states.beganWithNothing
      guard world.containers[service] != nil || !beganWithNothing else { continue }
      guard !states.wasGood(world.images[service], before: change.newest.id) else { continue }
      if othersGoBack, beganWithNothing {
        goals[service] = .gone
      } else {
        staying.insert(service)
      }
    }
    // Services are only removed by themselves if the change did nothing but bring them.
    let othersRun = world.containers.contains {
      $0.value.isRunning && !brought.contains($0.key) && !file.absent.contains($0.key)
    }
    let onlyBrings = change.brought == change.services
    guard othersGoBack || (onlyBrings && staying.isEmpty && !brought.isEmpty && othersRun) else {
      return .refused(.nothingToGoBackTo)
    }
    for service in brought.subtracting(staying) { goals[service] = .gone }
    return going(goals, staying: staying, following, world)
  }

  /// Where services go when a change is taken back.
  private func usual(_ services: Set<String>, takingBack change: ModelChange, _ world: ModelWorld) -> [String: Goal] {
    let images = change.rows.filter(\.value.wasSeen).compactMapValues(\.after)
    let isStillThere = change.services.contains { images[$0] != nil && images[$0] == world.images[$0] }
    let takenAway = change.rows.filter { $0.value.wasSeen && $0.value.before != nil && $0.value.after == nil }
    return goals(
      of: services, world, leaving: images, takenAway: Set(takenAway.keys), isHalfDone: triedInVain(change, world),
      isStillThere: isStillThere)
  }

  /// The services that ran before a change and have gone with their place in the compose file, and those that one which the change
  /// brought has the repository of: somebody may have removed them before it began, as whoever renames a service does.
  func gone(
    since first: Int64, before: [String: ModelImage], changed: Set<String>, brought: Set<String>, _ world: ModelWorld
  ) -> [String: ModelImage] {
    var found = before.filter { world.containers[$0.key] == nil && file.absent.contains($0.key) }
    let arrived = Set(brought.filter { world.containers[$0] != nil }.map(ModelStack.repository))
    for service in ModelStack.services where world.containers[service] == nil && !changed.contains(service) {
      guard found[service] == nil, arrived.contains(ModelStack.repository(service)),
        // A rollback that found it gone has recorded that.
        let newest = records.last(where: { record in
          record.rows[service] != nil
            || (record.kind == .rollback && record.outcome == .succeeded && record.services.contains(service))
        }),
        let image = newest.wasSeen ? newest.rows[service]?.after : newest.rows[service]?.before
      else { continue }
      // A deployment of all the others has left it behind before.
      let others = newest.services.subtracting(file.absent)
      let wasLeftBehind = records.contains { record in
        newest.id < record.id && record.id < first && record.kind == .deploy && record.outcome == .succeeded
          && !others.isEmpty && others.isSubset(of: record.services)
      }
      if !wasLeftBehind { found[service] = image }
    }
    return found
  }

  /// The newest rollback of a change that may have done something and did not succeed.
  private func begun(_ change: ModelChange, _ world: ModelWorld) -> ModelRecord? {
    let newest = records.last { $0.isRollbackInVain && $0.mayHaveChanged && $0.id > change.newest.id }
    let undone = change.ids.union([rollbackInPlace(world)?.rollback.id].compactMap { $0 })
    guard let newest, isInVain(newest, world) else { return nil }
    return newest.undoes.map(undone.contains) == true ? newest : nil
  }

  /// Where a rollback was going that did not succeed, unless its services go there anyway: to what was good by the end of the newest
  /// deployment of its tag that has left what runs by now of what it has moved.
  func destination(
    of rollback: ModelRecord?, covered: Set<String>, _ world: ModelWorld,
    usually: ((Set<String>) -> [String: Goal])? = nil
  ) -> [String: Goal] {
    guard let rollback, rollback.isRollbackInVain, rollback.mayHaveChanged, let undone = rollback.undoes else {
      return [:]
    }
    let services = rollback.services.subtracting(file.absent)
    let earlier = records.filter { $0.id < rollback.id }
    let moved = services.filter { world.images[$0] != nil && world.images[$0] != rollback.rows[$0]?.before }
    for candidate in records.reversed()
    where candidate.id < undone && candidate.outcome == .succeeded && candidate.tags == rollback.tags {
      var found: [String: (image: ModelImage, sources: [Int64])] = [:]
      for service in services {
        let entry = GoodStates(of: service, earlier, running: nil).stack.last { entry in
          !entry.isObserved && entry.sources.first.map { $0 <= candidate.id } ?? false
        }
        if let entry, let image = entry.state {
          found[service] = (image, entry.sources.filter { $0 <= candidate.id })
        }
      }
      guard moved.allSatisfy({ found[$0]?.image == world.images[$0] }) else { continue }
      let goals = usually?(services) ?? goals(of: services, world)
      let isElsewhere = found.contains { service, there in
        guard ModelStack.takesTag(service) else { return false }
        if case .image(let image, _)? = goals[service] { return image != there.image }
        return true
      }
      return isElsewhere || !services.isSubset(of: covered)
        ? found.mapValues { .image($0.image, sources: $0.sources) } : [:]
    }
    return [:]
  }

  /// What did not succeed may have stopped services that it was to start: on the image that they had they are started again.
  private func stopped(by change: ModelChange, _ world: ModelWorld) -> [String: ModelImage] {
    let isGood = change.newest.outcome == .succeeded
    let failed = change.attempts + (isGood ? [] : [change.newest])
    return change.rows.compactMapValues(\.before).filter { service, before in
      guard failed.contains(where: { $0.services.contains(service) }), !file.absent.contains(service),
        !(isGood && change.newest.services.contains(service))
      else { return false }
      return world.containers[service].map { $0.image == before && !$0.isRunning } ?? true
    }
  }

  /// What the last deployment before that one had left of a service, if somebody saw it.
  func left(_ service: String, before id: Int64) -> ModelImage? {
    let earlier = records.last { record in
      guard record.id < id, let row = record.rows[service] else { return false }
      return record.services.contains(service) || (row.before != nil && row.after == nil)
    }
    return earlier.flatMap { $0.wasSeen ? $0.rows[service]?.after : nil }
  }
}
