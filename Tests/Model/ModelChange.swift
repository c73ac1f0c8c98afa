import Ledger

/// Deployments that are taken back together: the newest, and those before it that did not succeed and that it carried on.
struct ModelChange: Sendable {
  /// What one service ran before the first of them, and after the last.
  struct Row: Sendable {
    /// The deployment before which it ran that.
    var first: Int64
    var before: ModelImage?
    var after: ModelImage?
    var wasSeen: Bool
  }

  var newest: ModelRecord
  var attempts: [ModelRecord] = []
  var rows: [String: Row] = [:]
  /// Those of which something is to be taken back.
  var services: Set<String> = []

  /// Whether the newest covered all that the attempts did.
  var isCarriedThrough: Bool { attempts.allSatisfy { $0.services.isSubset(of: newest.services) } }

  var ids: Set<Int64> { Set(attempts.map(\.id)).union([newest.id]) }
  var brought: Set<String> { services.filter { rows[$0]?.before == nil } }
}

extension ReferenceModel {
  /// What a deployment changed by itself, if it did more than bring services back as they were.
  func own(_ record: ModelRecord, _ world: ModelWorld) -> Set<String> {
    let changed = record.changed(running: world.images)
    return changed.subtracting(repaired(by: record, world)).isEmpty ? [] : changed
  }

  func change(by record: ModelRecord, _ world: ModelWorld) -> ModelChange? {
    let own = own(record, world)
    var single = ModelChange(newest: record, services: own)
    for service in record.services.union(record.rows.keys) {
      let row = record.rows[service]
      single.rows[service] = .init(first: record.id, before: row?.before, after: row?.after, wasSeen: record.wasSeen)
    }
    let carriesOn = record.kind == .deploy && (!own.isEmpty || record.outcome == .succeeded)
    // One that changed nothing itself made good what it covered, and nothing else.
    if carriesOn, let joined = join(single, world), !own.isEmpty || joined.services.isSubset(of: record.services) {
      return joined
    }
    return own.isEmpty ? nil : single
  }

  private func join(_ single: ModelChange, _ world: ModelWorld) -> ModelChange? {
    var whole = single
    while let attempt = nextAttempt(of: whole) {
      whole.attempts = (whole.attempts + [attempt]).sorted { $0.id > $1.id }
    }
    guard !whole.attempts.isEmpty else { return nil }
    for attempt in whole.attempts {
      for service in attempt.services.union(attempt.rows.keys) {
        let later = records.filter { $0.id > attempt.id && $0.isAbout(service) }
        if later.contains(where: { $0.outcome == .succeeded && $0.id < single.newest.id }) { continue }
        let row = attempt.rows[service]
        let left =
          if attempt.wasSeen { row?.after } else if let next = later.first { next.rows[service]?.before } else {
            world.images[service]
          }
        // A service that it did not cover it can only have taken away.
        guard row?.before != left, attempt.services.contains(service) || left == nil else {
          let unchanged = ModelChange.Row(
            first: attempt.id, before: row?.before, after: row?.after, wasSeen: attempt.wasSeen)
          // A later attempt may have found it gone: then no failure has stopped it.
          let isAbout = row != nil || (attempt.services.contains(service) && attempt.mayHaveChanged)
          if isAbout, whole.rows[service] == nil { whole.rows[service] = unchanged }
          continue
        }
        let last = whole.rows[service]
        whole.services.insert(service)
        whole.rows[service] = .init(
          first: attempt.id, before: row?.before, after: last == nil ? row?.after : last?.after,
          wasSeen: last?.wasSeen ?? attempt.wasSeen)
      }
    }
    whole.services = whole.services.filter { service in
      guard let row = whole.rows[service] else { return false }
      return row.before != (row.wasSeen ? row.after : world.images[service])
    }
    return whole.services.isEmpty ? nil : whole
  }

  /// One more that did not succeed, whose result a deployment of the change has found, or nothing any more.
  private func nextAttempt(of change: ModelChange) -> ModelRecord? {
    for record in [change.newest] + change.attempts {
      for service in record.services.sorted() {
        if let found = attempt(before: record, service), !change.ids.contains(found.id) { return found }
      }
    }
    return nil
  }

  private func attempt(before record: ModelRecord, _ service: String) -> ModelRecord? {
    let found = record.rows[service]?.before
    func changed(_ past: ModelRecord) -> Bool {
      let row = past.rows[service]
      return row?.before != (past.wasSeen ? row?.after : found)
    }
    let earlier = records.last { past in
      guard past.id < record.id, past.isAbout(service), past.mayHaveChanged || past.outcome == .succeeded else {
        return false
      }
      return past.outcome == .succeeded || past.kind == .deploy || changed(past)
    }
    guard let earlier, earlier.outcome != .succeeded, earlier.kind == .deploy else { return nil }
    let isAsLeft =
      changed(earlier) ? earlier.left(service, running: found) : earlier.rows[service]?.before == found
    return found == nil || isAsLeft ? earlier : nil
  }
}

extension ModelRecord {
  /// Whether it was to start the service, or took it away.
  func isAbout(_ service: String) -> Bool {
    let row = rows[service]
    return services.contains(service)
      ? row != nil || mayHaveChanged || outcome == .succeeded : row?.before != nil && row?.after == nil
  }
}
