import Ledger

/// What a rollback goes to, as docs/rollback.md says.
extension ReferenceModel {
  /// Where one service goes.
  private enum Goal {
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
    if case .named(let services) = request.coverage, !absent.isDisjoint(with: services) {
      return Prediction(refusal: .invalid, after: world)
    }
    switch choose(request, world) {
    case .refused(let refusal): return Prediction(refusal: refusal, after: world)
    case .goes(let goals, let staying):
      let needed = goals.filter { isNeeded($0.value, of: $0.key, world) }
      guard !needed.isEmpty, somethingRuns(after: needed, world) else {
        return Prediction(refusal: .nothingToGoBackTo, after: world)
      }
      return carryOut(needed, staying: staying, request, world)
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
    if case .gone = goal { true } else { !absent.contains(service) }
  }

  private func somethingRuns(after goals: [String: Goal], _ world: ModelWorld) -> Bool {
    goals.values.contains { if case .gone = $0 { false } else { true } }
      || world.containers.contains { $0.value.isRunning && goals[$0.key] == nil }
  }

  // MARK: - Choosing

  private func choose(_ request: Operation.Rollback, _ world: ModelWorld) -> Choice {
    if case .deployment(let id) = request.destination { return restore(id, request.coverage, world) }
    let asks = request.destination == .lastGood && request.undoing == nil
    if asks, newestDidNothing(request.coverage, world) { return .refused(.nothingToGoBackTo) }
    let newest = records.last { !$0.changed(running: world.images).subtracting(repaired(by: $0, world)).isEmpty }
    let covered: Set<String>
    switch request.coverage {
    case .named(let services): covered = Set(services)
    case .all:
      covered = Set(
        world.containers.keys.filter { service in
          records.contains { $0.rows[service] != nil || ($0.mayHaveChanged && $0.services.contains(service)) }
        })
    case .changed:
      guard let newest, request.undoing == nil || request.undoing == newest.id else {
        return .refused(.nothingToGoBackTo)
      }
      covered = newest.changed(running: world.images)
    }
    if case .tag(let tag) = request.destination {
      let present = covered.subtracting(absent)
      return present.isEmpty && !covered.isEmpty ? .refused(.nothingToGoBackTo) : goTo(tag, present)
    }
    switch request.coverage {
    case .named:
      let goals = goals(of: covered, world)
      return goals.count == covered.count ? .goes(goals) : .refused(.nothingToGoBackTo)
    case .all: return .goes(goals(of: covered.subtracting(absent), world))
    case .changed: return newest.map { takeBack($0, covered, world) } ?? .refused(.nothingToGoBackTo)
    }
  }

  /// Whether the newest deployment is one that did not succeed and changed nothing: what runs is what was there before.
  private func newestDidNothing(_ coverage: Operation.Coverage, _ world: ModelWorld) -> Bool {
    let newest =
      switch coverage {
      case .named(let services): records.last { !$0.services.isDisjoint(with: services) }
      case .changed, .all: records.last
      }
    guard let newest, newest.kind == .deploy, newest.outcome != .succeeded else { return false }
    guard newest.changed(running: world.images).isEmpty else { return false }
    if !newest.services.isEmpty, newest.outcome == .failed, failedForItsFiles(newest, world) { return true }
    // One that got as far as the containers may have left them in a bad way: then there is something to go back from.
    return !newest.mayHaveChanged || newest.services.allSatisfy { world.containers[$0] == nil || world.isHealthy($0) }
  }

  /// Whether the images that it left were good with other compose files.
  private func failedForItsFiles(_ failed: ModelRecord, _ world: ModelWorld) -> Bool {
    let good = failed.services.map { ($0, newestGood($0)) }
    return good.allSatisfy { service, record in
      let after = record?.rows[service]?.after
      return after != nil && after == world.images[service]
    } && good.contains { $0.1?.files != failed.files }
  }

  /// The services that it only brought back as the deployment before had left them.
  private func repaired(by record: ModelRecord, _ world: ModelWorld) -> Set<String> {
    record.changed(running: world.images).filter { service in
      let after = record.wasSeen ? record.rows[service]?.after : world.images[service]
      return record.rows[service]?.before == nil && after != nil && left(service, before: record) == after
    }
  }

  private func goals(of services: Set<String>, _ world: ModelWorld) -> [String: Goal] {
    var goals: [String: Goal] = [:]
    for service in services {
      guard let entry = GoodStates(of: service, records).destination(running: world.images[service]),
        let image = entry.state
      else { continue }
      goals[service] = .image(image, sources: entry.sources)
    }
    return goals
  }

  /// Takes back the newest change as a whole.
  private func takeBack(_ newest: ModelRecord, _ covered: Set<String>, _ world: ModelWorld) -> Choice {
    let new = covered.filter { newest.rows[$0]?.before == nil }
    let brought = new.filter { left($0, before: newest) == nil }
    let covered = brought.union(covered.subtracting(absent))
    // A service that came back after a hand had removed it is taken back only to another image.
    let asBefore = new.subtracting(brought).subtracting(absent).filter { service in
      world.images[service].map { $0 == left(service, before: newest) } ?? true
    }
    let rest = covered.subtracting(asBefore)
    var goals = goals(of: rest.subtracting(brought), world)
    guard !goals.isEmpty || !brought.isEmpty else { return .refused(.nothingToGoBackTo) }
    let othersGoBack = !goals.isEmpty
    var staying: Set<String> = []
    for service in rest.subtracting(brought) where goals[service] == nil {
      let beganWithNothing = GoodStates(of: service, records).beganWithNothing
      guard world.containers[service] != nil || !beganWithNothing else { continue }
      guard !GoodStates(of: service, records).wasGood(world.images[service], before: newest.id) else { continue }
      if othersGoBack, beganWithNothing {
        goals[service] = .gone
      } else {
        staying.insert(service)
      }
    }
    // Services are only removed by themselves if the change did nothing but bring them.
    guard othersGoBack || staying.isEmpty else { return .refused(.nothingToGoBackTo) }
    for service in brought { goals[service] = .gone }
    return .goes(goals, staying: staying)
  }

  /// What the last deployment before that one had left of a service, if somebody saw it.
  private func left(_ service: String, before newest: ModelRecord) -> ModelImage? {
    let earlier = records.last { record in
      guard record.id < newest.id, let row = record.rows[service] else { return false }
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

  // MARK: - Carrying out

  private func carryOut(
    _ goals: [String: Goal], staying: Set<String>, _ request: Operation.Rollback, _ world: ModelWorld
  ) -> Prediction {
    var isPulled = true
    var steps: [ModelRun.Start] = []
    var removed: Set<String> = []
    for (service, goal) in goals.sorted(by: { $0.key < $1.key }) {
      switch goal {
      case .gone: removed.insert(service)
      case .image(let image, _):
        steps.append(ModelRun.Start(service: service, image: image, reference: "pinned"))
        isPulled =
          isPulled
          && (world.local.contains(image.id) || (world.isRegistryUp && world.published.contains(image.id)))
      case .tag(let tag):
        let reference = ModelStack.reference(service, tag)
        guard world.isRegistryUp, let id = world.registry[reference] else {
          isPulled = false
          continue
        }
        steps.append(ModelRun.Start(service: service, image: ModelImage(id: id, tag: tag), reference: reference))
      }
    }
    let onlyRemoves = goals.count == removed.count
    let run = ModelRun(
      steps: steps, removed: removed, isPulled: isPulled,
      fault: onlyRemoves && request.fault?.isAtRemoval != true ? nil : request.fault,
      isIncomplete: !staying.isEmpty)
    let end = run.perform(on: world)
    var record = ModelRecord(
      id: nextID, kind: .rollback, outcome: end.outcome, mayHaveChanged: end.mayHaveChanged,
      services: Set(goals.keys), tags: tags(goals),
      undoes: undone(by: goals, request, world))
    record.profiles = profiles(goals)
    record.record(end, before: world, named: Array(goals.keys))
    return Prediction(records: [record], after: end.world)
  }

  /// Those under which the services that go back were deployed.
  private func profiles(_ goals: [String: Goal]) -> Set<String> {
    Set(
      goals.compactMap { service, goal in
        guard case .image(_, let sources) = goal, let source = records.first(where: { $0.id == sources.last }),
          let profile = ModelStack.profile(of: service), source.profiles.contains(profile)
        else { return nil }
        return profile
      })
  }

  /// The tag of the image that it goes to: of a service that takes the tag rather than of another, from the newest source.
  private func tags(_ goals: [String: Goal]) -> Set<String> {
    if let chosen = goals.values.lazy.compactMap({ if case .tag(let tag) = $0 { tag } else { nil } }).first {
      return [chosen]
    }
    var images: [(service: String, tag: String, sources: [Int64])] = []
    for (service, goal) in goals {
      if case .image(let image, let sources) = goal { images.append((service, image.tag, sources)) }
    }
    let ofTag = images.filter { ModelStack.takesTag($0.service) }
    if !ofTag.isEmpty { images = ofTag }
    // An image that a rollback went back to comes from the deployment that brought it, or from that rollback.
    let first = images.compactMap(\.sources.first).max()
    let last = images.compactMap(\.sources.last).max()
    return Set(images.filter { $0.sources.first == first || $0.sources.last == last }.map(\.tag))
  }

  /// The deployment that is left; `nil` where what runs is not the ledger's.
  private func undone(by goals: [String: Goal], _ request: Operation.Rollback, _ world: ModelWorld) -> Int64? {
    let running = world.images
    let sources = Set(
      goals.values.flatMap { goal -> [Int64] in
        switch goal {
        case .image(_, let sources): sources
        case .tag, .gone: []
        }
      })
    let left = goals.compactMap { service, goal -> Int64? in
      if case .image(let image, _) = goal, world.containers[service]?.image == image { return nil }
      guard let newest = records.last(where: { $0.changed(running: running).contains(service) }),
        newest.left(service, running: running[service])
      else { return nil }
      return newest.id
    }
    return left.filter { !sources.contains($0) }.max()
  }
}
