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
    guard newest.changed(running: world.images).subtracting(repaired(by: newest, world)).isEmpty else { return false }
    if !newest.services.isEmpty, newest.outcome == .failed, failedForItsFiles(newest, world) { return true }
    // One that got as far as the containers may have left them in a bad way: then there is something to go back from.
    guard !newest.mayHaveChanged || newest.services.allSatisfy({ world.containers[$0] == nil || world.isHealthy($0) })
    else { return false }
    return runsWhatIsGood(coverage, world)
  }

  func runsWhatIsGood(_ coverage: Operation.Coverage, _ world: ModelWorld) -> Bool {
    switch coverage {
    case .named(let services):
      services.allSatisfy { world.images[$0] == nil || world.images[$0] == newestGood($0)?.rows[$0]?.after }
    case .changed, .all:
      (newestChange(world)?.outcome ?? .succeeded) == .succeeded && !triedInVain(newestChange(world), changes(world))
    }
  }

  func changes(_ world: ModelWorld) -> [ModelRecord] {
    records.filter { !$0.changed(running: world.images).subtracting(repaired(by: $0, world)).isEmpty }
  }

  /// The newest record of importance, if it is a rollback that succeeded and has brought back what an earlier deployment left: then
  /// that one is the next to be taken back.
  func rollbackInPlace(_ world: ModelWorld) -> ModelRecord? {
    let changes = changes(world).map(\.id)
    let newest = records.last { ($0.kind == .rollback && $0.outcome == .succeeded) || changes.contains($0.id) }
    guard let newest, newest.kind == .rollback, newest.outcome == .succeeded else { return nil }
    // What somebody chose that had been left is a version of its own.
    guard !newest.services.contains(where: { source(of: $0) == newest.id }) else { return nil }
    return inPlace(before: newest.id, world) == nil ? nil : newest
  }

  /// The newest deployment before that one of which a service runs what it put there, and has run it ever since.
  func inPlace(before id: Int64, _ world: ModelWorld) -> ModelRecord? {
    let changes = changes(world)
    return changes.last { record in
      record.id < id && record.changed(running: world.images).contains { source(of: $0) == record.id }
    }
  }

  func source(of service: String) -> Int64? { GoodStates(of: service, records, running: nil).topSource }

  func newestChange(_ world: ModelWorld) -> ModelRecord? {
    if let rollback = rollbackInPlace(world) { return inPlace(before: rollback.id, world) }
    let changes = changes(world)
    guard let newest = changes.last, newest.isRollbackInVain else { return changes.last }
    let undone = changes.last { !$0.isRollbackInVain }
    return triedInVain(undone, changes) ? undone : newest
  }

  /// Whether all the newest changes are rollbacks of that one that did not succeed.
  func triedInVain(_ change: ModelRecord?, _ changes: [ModelRecord]) -> Bool {
    guard let change else { return false }
    let later = changes.filter { $0.id > change.id }
    return !later.isEmpty && later.allSatisfy { $0.isRollbackInVain && $0.undoes == change.id }
  }

  /// Whether the images that it left were good with other compose files.
  func failedForItsFiles(_ failed: ModelRecord, _ world: ModelWorld) -> Bool {
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
      return record.rows[service]?.before == nil && after != nil && left(service, before: record) == after
    }
  }
}
