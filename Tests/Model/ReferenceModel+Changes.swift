import Ledger

/// Which deployment changed something, and which of them is the one to take back, as docs/rollback.md says.
extension ReferenceModel {
  /// Whether the newest deployment is one that did not succeed and changed nothing: what runs is what was there before.
  func newestDidNothing(_ coverage: Operation.Coverage, _ world: ModelWorld) -> Bool {
    let newest =
      switch coverage {
      case .named(let services): records.last { !$0.services.isDisjoint(with: services) }
      case .changed, .all: records.last
      }
    guard let newest, newest.kind == .deploy, newest.outcome != .succeeded else { return false }
    guard own(newest, world).isEmpty else { return false }
    if !newest.services.isEmpty, newest.outcome == .failed, failedForItsFiles(newest, world) { return true }
    var asked = newest.services
    if case .named(let services) = coverage { asked.formIntersection(services) }
    // One that got as far as the containers may have left them in a bad way: then there is something to go back from.
    guard !newest.mayHaveChanged || asked.allSatisfy({ world.containers[$0] == nil || world.isHealthy($0) })
    else { return false }
    if !coverage.isNamed, !leftDown(world).isEmpty { return false }
    return runsWhatIsGood(coverage, world)
  }

  func runsWhatIsGood(_ coverage: Operation.Coverage, _ world: ModelWorld) -> Bool {
    switch coverage {
    case .named(let services):
      services.allSatisfy { world.images[$0] == nil || world.images[$0] == newestGood($0)?.rows[$0]?.after }
    case .changed, .all:
      newestChange(world).map { $0.newest.outcome == .succeeded && $0.isCarriedThrough && !triedInVain($0, world) }
        ?? true
    }
  }

  private func changes(_ world: ModelWorld) -> [ModelChange] { records.compactMap { change(by: $0, world) } }

  /// The newest record of importance, if it is a rollback that succeeded and has brought back what an earlier deployment left: then
  /// that one is the next to be taken back.
  func rollbackInPlace(_ world: ModelWorld) -> (rollback: ModelRecord, change: ModelChange)? {
    let changes = changes(world).map(\.newest.id)
    let newest = records.last { ($0.kind == .rollback && $0.outcome == .succeeded) || changes.contains($0.id) }
    guard let newest, newest.kind == .rollback, newest.outcome == .succeeded else { return nil }
    // What somebody chose that had been left is a version of its own.
    guard !ModelStack.services.contains(where: { bringer(of: $0, world) == newest.id }) else { return nil }
    return inPlace(before: newest.id, world).map { (newest, $0) }
  }

  /// The newest change before that one of which a service runs what it put there, and has run it ever since: of those services.
  private func inPlace(before id: Int64, _ world: ModelWorld) -> ModelChange? {
    let brought = ModelStack.services.map { ($0, bringer(of: $0, world)) }
    for record in records.reversed() where record.id < id && brought.contains(where: { $0.1 == record.id }) {
      guard var change = change(by: record, world) else { continue }
      let ids = change.ids
      change.services = change.services.filter { service in
        brought.contains { $0.0 == service && $0.1.map(ids.contains) == true }
      }
      if change.services.contains(where: { change.brought.contains($0) || !file.absent.contains($0) }) { return change }
    }
    return nil
  }

  /// The deployment that put there what a service runs: one that did not succeed, or the first of those that left what is good.
  private func bringer(of service: String, _ world: ModelWorld) -> Int64? {
    let states = GoodStates(of: service, records, running: nil)
    let running = world.images[service]
    if let newest = states.newestChange, newest.kind == .deploy || !isInVain(newest, world),
      newest.outcome != .succeeded, running != states.top,
      newest.wasSeen || newest.rows[service]?.before != running
    {
      return newest.id
    }
    return states.topSource
  }

  func newestChange(_ world: ModelWorld) -> ModelChange? {
    if let (_, change) = rollbackInPlace(world) { return change }
    let changes = changes(world)
    guard let newest = changes.last, isInVain(newest.newest, world) else { return changes.last }
    let undone = changes.last { !isInVain($0.newest, world) }
    return triedInVain(undone, world) ? undone : newest
  }

  /// Whether all the newest changes are rollbacks of that one that did not succeed.
  func triedInVain(_ change: ModelChange?, _ world: ModelWorld) -> Bool {
    guard let change else { return false }
    let later = changes(world).map(\.newest).filter { $0.id > change.newest.id }
    return !later.isEmpty
      && later.allSatisfy { isInVain($0, world) && $0.undoes.map(change.ids.contains) == true }
  }

  /// A rollback that did not succeed, and that went back: to a state in the stack, not to one that never was good or that one had left.
  func isInVain(_ rollback: ModelRecord, _ world: ModelWorld) -> Bool {
    guard rollback.isRollbackInVain else { return false }
    let earlier = records.filter { $0.id < rollback.id }
    var tags: Set<String> = []
    var hasMoved = false
    for service in rollback.services where earlier.contains(where: { $0.isAbout(service) }) {
      let states = GoodStates(of: service, earlier, running: nil).stack.map(\.state)
      let found = rollback.rows[service]?.before
      let image = rollback.wasSeen ? rollback.rows[service]?.after : world.images[service]
      if rollback.wasSeen, found != nil, image == nil { hasMoved = true }
      if let image, image != found, rollback.wasSeen || rollback.tags.contains(image.tag) {
        guard states.contains(image) else { return false }
        hasMoved = true
      }
      tags.formUnion(states.compactMap { $0?.tag })
    }
    return hasMoved || !tags.isDisjoint(with: rollback.tags) || rollback.tags.isEmpty
  }

  /// What the newest deployment left down that did not succeed and changed no image, if all else that it covered is good and well.
  func leftDown(_ world: ModelWorld) -> [String: ModelImage] {
    for record in records.reversed() {
      guard record.outcome != .succeeded else { break }
      guard record.mayHaveChanged else { continue }
      guard own(record, world).isEmpty else {
        if record.kind == .rollback { continue }
        break
      }
      var down: [String: ModelImage] = [:]
      let isGood = record.services.allSatisfy { service in
        let there = world.containers[service]
        guard let good = newestGood(service)?.rows[service]?.after else { return there == nil }
        let before = record.rows[service]?.before ?? good
        guard before == good, (there?.image ?? good) == good, !isLeft(service, by: record, world) else { return false }
        if !file.absent.contains(service), isDown(service, good, world) {
          down[service] = good
          return true
        }
        return there == nil || world.isHealthy(service)
      }
      if isGood, !down.isEmpty { return down }
    }
    return [:]
  }

  /// The same of a service that is named.
  func leftDown(_ service: String, _ world: ModelWorld) -> ModelImage? {
    guard let newest = records.last(where: { $0.isAbout(service) }), newest.mayHaveChanged,
      newest.outcome != .succeeded, newest.services.contains(service),
      let good = newestGood(service)?.rows[service]?.after, isDown(service, good, world)
    else { return nil }
    guard !isLeft(service, by: newest, world) else { return nil }
    let before = newest.rows[service]?.before
    return before == nil || before == good ? good : nil
  }

  /// Whether the service runs what is good.
  func isWell(_ service: String, _ world: ModelWorld) -> Bool {
    let good = newestGood(service)?.rows[service]?.after
    return world.isHealthy(service) && good != nil && world.images[service] == good
  }

  /// Whether a rollback was to leave what was good there until then.
  private func isLeft(_ service: String, by record: ModelRecord, _ world: ModelWorld) -> Bool {
    guard isInVain(record, world), let undone = record.undoes else { return false }
    let earlier = records.filter { $0.id < record.id }
    return GoodStates(of: service, earlier, running: nil).topSource.map { $0 >= undone } ?? false
  }

  private func isDown(_ service: String, _ image: ModelImage, _ world: ModelWorld) -> Bool {
    world.containers[service].map { $0.image == image && !$0.isRunning } ?? true
  }

  /// Whether the images that it left were good with other compose files.
  func failedForItsFiles(_ failed: ModelRecord, _ world: ModelWorld) -> Bool {
    // What was to have another tag and has not got it was not tried with these files.
    let isUntried = failed.services.filter(ModelStack.takesTag).contains { service in
      world.images[service].map { !failed.tags.contains($0.tag) } ?? false
    }
    guard !isUntried else { return false }
    let good = failed.services.map { ($0, newestGood($0)) }
    return good.allSatisfy { service, record in
      let after = record?.rows[service]?.after
      return after != nil && after == world.images[service]
    } && good.contains { $0.1?.file != failed.file }
  }

  /// The services that it only brought back as the deployment before had left them.
  func repaired(by record: ModelRecord, _ world: ModelWorld) -> Set<String> {
    record.changed(running: world.images).filter { service in
      let after = record.wasSeen ? record.rows[service]?.after : world.images[service]
      return record.rows[service]?.before == nil && after != nil && left(service, before: record.id) == after
    }
  }
}
