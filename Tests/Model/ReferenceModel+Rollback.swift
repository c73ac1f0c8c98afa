import Ledger

/// What a rollback goes to, as docs/rollback.md says.
extension ReferenceModel {
  /// Where one service goes.
  enum Goal {
    /// An image that is on record, with the deployments that it comes from.
    case image(ModelImage, sources: [Int64])
    /// Whatever the registry has under a tag that the service has never run.
    case tag(String)
    /// It is stopped and removed.
    case gone
  }

  private enum Choice {
    case refused(Refusal)
    case goes([String: Goal], staying: Set<String> = [])
  }

  func predict(_ request: Operation.Rollback, _ world: ModelWorld) -> Prediction {
    guard request.fault != .stoppedAtOnce else { return Prediction(refusal: .stopped, after: world) }
    if case .named(let services) = request.coverage, !file.absent.isDisjoint(with: services) {
      return Prediction(refusal: .invalid, after: world)
    }
    switch choose(request, world) {
    case .refused(let refusal): return Prediction(refusal: refusal, after: world)
    case .goes(let goals, let staying):
      let needed = goals.filter { isNeeded($0.value, of: $0.key, world) }
      // Where it goes already, though the ledger expects something else.
      let there = goals.filter { service, goal in
        guard needed[service] == nil else { return false }
        let expected = newestGood(service)?.rows[service]?.after
        return if case .image(let image, _) = goal { expected != image } else { expected != nil }
      }
      guard !there.isEmpty || (!needed.isEmpty && somethingRuns(after: needed, world)) else {
        return Prediction(refusal: .nothingToGoBackTo, after: world)
      }
      return carryOut(needed, there: there, staying: staying, request, world)
    }
  }

  /// A service that already runs what it would go to is left alone. A container that does not run is started.
  private func isNeeded(_ goal: Goal, of service: String, _ world: ModelWorld) -> Bool {
    switch goal {
    case .image(let image, _):
      let there = world.containers[service]
      return there?.image != image || there?.isRunning == false
    case .tag: return true
    case .gone: return world.containers[service] != nil
    }
  }

  /// What the compose file no longer has can only be removed.
  private func canCome(back service: String, _ goal: Goal) -> Bool {
    if case .gone = goal { true } else { !file.absent.contains(service) }
  }

  private func somethingRuns(after goals: [String: Goal], _ world: ModelWorld) -> Bool {
    goals.values.contains { if case .gone = $0 { false } else { true } }
      || world.containers.contains { $0.value.isRunning && goals[$0.key] == nil && !file.absent.contains($0.key) }
  }

  // MARK: - Choosing

  private func choose(_ request: Operation.Rollback, _ world: ModelWorld) -> Choice {
    if case .deployment(let id) = request.destination { return restore(id, request.coverage, world) }
    if request.destination == .lastGood, world.isLastOfAnother { return .refused(.nothingToGoBackTo) }
    let asks = request.destination == .lastGood && request.undoing == nil
    if asks, newestDidNothing(request.coverage, world) { return .refused(.nothingToGoBackTo) }
    let newest = newestChange(world)
    let covered: Set<String>
    let down = asks ? leftDown(world) : [:]
    if !request.coverage.isNamed, !down.isEmpty { return .goes(down.mapValues { .image($0, sources: []) }) }
    switch request.coverage {
    case .named(let services): covered = Set(services)
    case .all:
      covered = Set(
        world.containers.keys.filter { service in
          records.contains { $0.rows[service] != nil || ($0.mayHaveChanged && $0.services.contains(service)) }
        })
    case .changed:
      guard let newest,
        request.undoing == nil || request.undoing == (rollbackInPlace(world)?.rollback ?? newest.newest).id
      else { return .refused(.nothingToGoBackTo) }
      covered = newest.services
    }
    if case .tag(let tag) = request.destination {
      let present = covered.subtracting(file.absent)
      return present.isEmpty && !covered.isEmpty ? .refused(.nothingToGoBackTo) : goTo(tag, present)
    }
    switch request.coverage {
    case .named:
      var goals = goals(of: covered, world)
      let newest = Set(covered.map { service in records.last { $0.isAbout(service) }?.id })
      let begun = newest.count == 1 ? records.last { $0.id == newest.first } : nil
      let destination = begun.map { self.destination(of: $0, covered: covered, world) } ?? [:]
      goals.merge(destination.filter { covered.contains($0.key) }) { _, there in there }
      var failures: Set<Int64> = []
      for service in covered where destination[service] == nil {
        guard let image = leftDown(service, world) else { continue }
        goals[service] = .image(image, sources: [])
        failures.formUnion([records.last { $0.isAbout(service) }?.id].compactMap { $0 })
      }
      // The others of that failure run what is good.
      let well = covered.filter { destination[$0] == nil && isWell($0, after: failures, world) }
      for service in well { goals[service] = nil }
      return goals.count + well.count == covered.count ? .goes(goals) : .refused(.nothingToGoBackTo)
    case .all: return .goes(goals(of: covered.subtracting(file.absent), world))
    case .changed: return newest.map { takeBack($0, world) } ?? .refused(.nothingToGoBackTo)
    }
  }

  /// `left` is what a change that is taken back left there: it counts as what runs where a hand has removed the container since, or has
  /// replaced it while others still run what the change left.
  private func goals(
    of services: Set<String>, _ world: ModelWorld, leaving left: [String: ModelImage] = [:],
    takenAway: Set<String> = [], isHalfDone: Bool = false, isStillThere: Bool = false
  ) -> [String: Goal] {
    var goals: [String: Goal] = [:]
    let othersRunIt = isHalfDone || isStillThere
    for service in services {
      let running = world.images[service]
      let states = GoodStates(of: service, records, running: running)
      let leaves = running == nil || (othersRunIt && running != left[service]) ? left[service] : nil
      // Others run what a change left that took this one away: it counts as away.
      let isAway = othersRunIt && running != nil && takenAway.contains(service)
      let expected = newestGood(service)?.rows[service]?.after
      let isBack = running != nil && states.top == running && expected != nil && expected != running
      let wasByHand = newestGood(service).map { states.leftByHand.contains($0.id) } ?? false
      let entry =
        isHalfDone && isBack && !(isStillThere && wasByHand)
        ? states.destination(running: expected)
        : isAway
          ? GoodStates(of: service, records, running: nil).destination(running: nil)
          : leaves.flatMap { GoodStates(of: service, records, running: nil).destination(running: $0) }
            ?? (isBack ? states.destination(running: expected) : states.destination(running: running))
      guard let entry, let image = entry.state else { continue }
      goals[service] = .image(image, sources: entry.sources)
    }
    return goals
  }

  /// Takes back the newest change as a whole.
  private func takeBack(_ change: ModelChange, _ world: ModelWorld) -> Choice {
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
    let images = change.rows.filter(\.value.wasSeen).compactMapValues(\.after)
    let isStillThere = change.services.contains { images[$0] != nil && images[$0] == world.images[$0] }
    let takenAway = change.rows.filter { $0.value.wasSeen && $0.value.before != nil && $0.value.after == nil }
    var goals = goals(
      of: rest, world, leaving: images, takenAway: Set(takenAway.keys), isHalfDone: triedInVain(change, world),
      isStillThere: isStillThere)
    let destination = destination(of: begun(change, world), covered: change.services, world) { services in
      self.goals(
        of: services, world, leaving: images, takenAway: Set(takenAway.keys), isHalfDone: triedInVain(change, world),
        isStillThere: isStillThere)
    }
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
    return .goes(goals, staying: staying)
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
        let newest = records.last(where: { $0.rows[service] != nil }),
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
    return newest?.undoes.map(undone.contains) == true ? newest : nil
  }

  /// Where a rollback was going that did not succeed, unless its services go there anyway: to what was good by the end of the newest
  /// deployment of its tag that has left what runs by now of what it has moved.
  private func destination(
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

  private func goTo(_ tag: String, _ covered: Set<String>) -> Choice {
    let taking = covered.filter(ModelStack.takesTag)
    guard !taking.isEmpty else { return .refused(.usage) }
    return .goes(
      taking.reduce(into: [:]) { goals, service in
        goals[service] = goal(of: service, tag)
      })
  }

  /// A good image of that tag comes before one that only ran, and that before one that was only seen.
  private func goal(of service: String, _ tag: String) -> Goal {
    let newest = records.reversed()
    func ran(_ isIt: (ModelRecord) -> Bool) -> Goal? {
      newest.first { isIt($0) && $0.rows[service]?.after?.tag == tag }.flatMap { record in
        record.rows[service]?.after.map { .image($0, sources: [record.id]) }
      }
    }
    let seen = newest.lazy.compactMap { $0.rows[service]?.before }.first { $0.tag == tag }
    return ran { $0.outcome == .succeeded } ?? ran { $0.wasSeen && $0.mayHaveChanged }
      ?? seen.map { .image($0, sources: []) } ?? .tag(tag)
  }

  private func restore(_ id: Int64, _ coverage: Operation.Coverage, _ world: ModelWorld) -> Choice {
    guard let record = records.first(where: { $0.id == id }) else { return .refused(.usage) }
    guard record.wasSeen, record.outcome == .succeeded || record.mayHaveChanged else {
      return .refused(.nothingToGoBackTo)
    }
    var covered = Set(record.rows.keys)
    switch coverage {
    case .named(let services):
      guard covered.isSuperset(of: services) else { return .refused(.nothingToGoBackTo) }
      covered = Set(services)
    case .changed, .all: break
    }
    let all = covered.reduce(into: [String: Goal]()) { goals, service in
      goals[service] = record.rows[service]?.after.map { .image($0, sources: [id]) } ?? .gone
    }
    return .goes(all.filter { canCome(back: $0.key, $0.value) })
  }
}
