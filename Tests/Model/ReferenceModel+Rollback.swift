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

  enum Choice {
    case refused(Refusal)
    /// `along` are those that keep their image and go where others do, with what they had in the tag's variable; empty where nobody knows.
    case goes([String: Goal], staying: Set<String> = [], along: [String: String] = [:])
  }

  func predict(_ request: Operation.Rollback, _ world: ModelWorld) -> Prediction {
    guard request.fault != .stoppedAtOnce else { return Prediction(refusal: .stopped, after: world) }
    if case .named(let services) = request.coverage, !file.absent.isDisjoint(with: services) {
      return Prediction(refusal: .invalid, after: world)
    }
    switch choose(request, world) {
    case .refused(let refusal): return Prediction(refusal: refusal, after: world)
    case .goes(let goals, let staying, let along):
      var variables = variables(goals, along: along, world)
      if case .tag(let tag) = request.destination {
        variables = Variables(own: goals.mapValues { _ in tag }, main: tag)
      }
      let needed = goals.filter { service, goal in
        isToGet(variables.own[service], service, world) || (along[service] == nil && isNeeded(goal, of: service, world))
      }
      // Where it goes already, though the ledger expects something else.
      let there = goals.filter { service, goal in
        guard needed[service] == nil, along[service] == nil else { return false }
        let expected = newestGood(service)?.rows[service]?.after
        return if case .image(let image, _) = goal { expected != image } else { expected != nil }
      }
      guard !there.isEmpty || (!needed.isEmpty && somethingRuns(after: needed, world)) else {
        return Prediction(refusal: .nothingToGoBackTo, after: world)
      }
      // What cannot go back has been told by the rollback before.
      let isToldBefore = needed.isEmpty && triedInVain(newestChange(world), world)
      return carryOut(
        needed, there: there, variables, along: Set(along.keys), staying: isToldBefore ? [] : staying, request, world)
    }
  }

  /// A service that already runs what it would go to is left alone, unless it is unhealthy. A container that does not run is started.
  private func isNeeded(_ goal: Goal, of service: String, _ world: ModelWorld) -> Bool {
    switch goal {
    case .image(let image, _):
      return world.containers[service]?.image != image || !world.isHealthy(service)
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
      let following = request.coverage == .changed ? newest.map { followers(of: $0, world) } ?? [:] : [:]
      let present = covered.union(following.keys.filter { !ModelStack.takesTag($0) }).subtracting(file.absent)
      return present.isEmpty && !covered.isEmpty ? .refused(.nothingToGoBackTo) : goTo(tag, present, world)
    }
    switch request.coverage {
    case .named:
      var goals = goals(of: covered, world)
      let newest = Set(covered.map { service in records.last { $0.isAbout(service) }?.id })
      let begun = newest.count == 1 ? records.last { $0.id == newest.first } : nil
      let destination = begun.map { self.destination(of: $0, covered: covered, world) } ?? [:]
      goals.merge(destination.filter { covered.contains($0.key) }) { _, there in there }
      let others = covered.filter { destination[$0] == nil }
      let down = others.filter { leftDown($0, world) != nil }
      for service in down { goals[service] = leftDown(service, world).map { .image($0, sources: []) } }
      // Where some are only started again, nothing that is well goes back.
      let well = down.isEmpty ? [] : others.subtracting(down).filter { isWell($0, world) }
      for service in well { goals[service] = nil }
      let along = along(with: goals, of: covered.subtracting(well), world)
      let isEverywhere = goals.count + well.count + along.count == covered.count
      return isEverywhere && !(goals.isEmpty && along.isEmpty)
        ? going(goals, along, world) : .refused(.nothingToGoBackTo)
    case .all where asks && triedInVain(newest, world):
      return newest.map { takeBack($0, world) } ?? .refused(.nothingToGoBackTo)
    case .all:
      let present = covered.subtracting(file.absent)
      let goals = goals(of: present, world)
      return going(goals, goals.isEmpty ? [:] : along(with: goals, of: present, world), world)
    case .changed: return newest.map { takeBack($0, world) } ?? .refused(.nothingToGoBackTo)
    }
  }

  /// `left` is what a change that is taken back left there: it counts as what runs where a hand has removed the container since, or has
  /// replaced it while others still run what the change left.
  func goals(
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

  /// Of those that are covered, the ones that have nowhere to go and keep their image.
  private func along(with goals: [String: Goal], of covered: Set<String>, _ world: ModelWorld) -> [String: String] {
    covered.filter { goals[$0] == nil && mayFollow($0, on: world.images[$0], world) }
      .reduce(into: [:]) { $0[$1] = lastVariable(of: $1, world) }
  }

  func going(
    _ goals: [String: Goal], staying: Set<String> = [], _ along: [String: String], _ world: ModelWorld
  ) -> Choice {
    let following = along.filter { goals[$0.key] == nil }
    let kept = following.keys.reduce(into: [String: Goal]()) { kept, service in
      kept[service] = world.images[service].map { .image($0, sources: []) }
    }
    return .goes(goals.merging(kept) { own, _ in own }, staying: staying, along: following)
  }

  private func goTo(_ tag: String, _ covered: Set<String>, _ world: ModelWorld) -> Choice {
    let taking = covered.filter(ModelStack.takesTag)
    guard !taking.isEmpty else { return .refused(.usage) }
    let goals = taking.reduce(into: [String: Goal]()) { goals, service in goals[service] = goal(of: service, tag) }
    let others = covered.filter { goals[$0] == nil && mayFollow($0, on: world.images[$0], world) }
    return going(goals, others.reduce(into: [:]) { $0[$1] = tag }, world)
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
