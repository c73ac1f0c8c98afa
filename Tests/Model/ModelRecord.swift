import Ledger

/// What the ledger has to say of one deployment.
struct ModelRecord: Sendable, Equatable {
  /// What a service ran before and after.
  struct Row: Sendable, Equatable {
    var before: ModelImage?
    var after: ModelImage?
  }

  var id: Int64
  /// Whether it is the second target's.
  var isOfSecond = false
  /// What the deployments of a batch have in common.
  var batch: String?
  var kind = DeploymentKind.deploy
  var outcome = Outcome.succeeded
  /// Whether the host may have been changed.
  var mayHaveChanged = false
  var services: Set<String>
  var profiles: Set<String> = []
  /// Any of these is right; none at all means that it does not matter.
  var tags: Set<String> = []
  var undoes: Int64?
  /// What a rollback was to give services in the tag's variable, where the compose file has that elsewhere than in the image.
  var variables: [String: String] = [:]
  /// The compose file that it was carried out with.
  var file = ModelFile()
  /// By service; a service that had no container and has none is left out.
  var rows: [String: Row] = [:]

  /// Whether anybody saw what ran after it.
  var wasSeen: Bool { outcome != .unknown && outcome != .interrupted }

  var didNothing: Bool { wasSeen ? rows.values.allSatisfy { $0.before == $0.after } : !mayHaveChanged }

  /// The services that it changed. One whose end nobody saw changed those that now run something else than before it.
  func changed(running: [String: ModelImage]) -> Set<String> {
    guard !wasSeen else { return Set(rows.filter { $0.value.before != $0.value.after }.keys) }
    guard mayHaveChanged else { return [] }
    // A service that it did not cover it can only have taken away.
    let takenAway = rows.keys.filter { !services.contains($0) && running[$0] == nil }
    return services.filter { rows[$0]?.before != running[$0] }.union(takenAway)
  }

  var isRollbackInVain: Bool { kind == .rollback && outcome != .succeeded }

  /// Whether a service still runs what it left there.
  func left(_ service: String, running: ModelImage?) -> Bool {
    guard !wasSeen else { return rows[service]?.after == running }
    guard let running else { return false }
    return running != rows[service]?.before && tags.contains(running.tag)
  }

  mutating func record(before: [String: ModelImage], after: [String: ModelImage]?, of names: some Sequence<String>) {
    for name in names {
      let row = Row(before: before[name], after: after?[name])
      if row.before != nil || row.after != nil { rows[name] = row }
    }
  }
}

/// The good states of one service.
struct GoodStates: Sendable {
  struct Entry: Sendable {
    /// `nil`: no container.
    var state: ModelImage?
    /// Whether it is only observed.
    var isObserved = false
    /// Whether it is what was there before the first deployment.
    var isBottom = false
    /// The deployment that put it there, and the last rollback that went back to it.
    var sources: [Int64] = []
    /// The tags of the newest of them.
    var tags: Set<String> = []
  }

  private(set) var stack: [Entry] = []
  /// Every state that was ever good, with the newest deployment that was good with it.
  private var everGood: [ModelImage?: Int64] = [:]
  /// The tags of good deployments that left no container.
  private var tagsOfNone: Set<String> = []
  /// Images that a deployment which did not succeed has put there or was to put there.
  private var tried: Set<ModelImage> = []

  /// The deployments that somebody has gone back from by hand.
  private(set) var leftByHand: Set<Int64> = []

  /// The newest record that changed the service.
  private(set) var newestChange: ModelRecord?

  init(of service: String, _ records: [ModelRecord], running: ModelImage?) {
    for record in records { take(record, service) }
    find(running, service)
  }

  var top: ModelImage? { stack.last?.state }

  /// The deployment that put there what is on top, as far as that has not been interrupted.
  var topSource: Int64? {
    var source: Int64?
    for entry in stack.reversed() {
      guard entry.state == top else { break }
      source = entry.isBottom ? nil : entry.sources.first
    }
    return source
  }

  /// A good image that runs without being on top, and that no deployment brought, was gone back to: all above it was left.
  private mutating func find(_ image: ModelImage?, _ service: String) {
    guard let image, image != top, let change = newestChange,
      let index = stack.lastIndex(where: { !$0.isObserved && $0.state == image })
    else { return }
    let row = change.rows[service]
    let wasBrought = change.wasSeen ? row?.after == image : row?.before != image
    if wasBrought, change.kind == .deploy { return }
    if !wasBrought { leftByHand.formUnion(stack[(index + 1)...].flatMap(\.sources)) }
    stack.removeSubrange((index + 1)...)
  }

  /// Whether there was no container before the first record.
  private(set) var beganWithNothing = true
  private var isKnown = false

  /// Whether it is a good state, and not only an observed one, that an earlier deployment put there.
  func wasGood(_ image: ModelImage?, before id: Int64) -> Bool {
    image != nil && stack.contains { !$0.isObserved && $0.state == image && ($0.sources.first ?? id) < id }
  }

  /// Where the service goes that runs this now.
  func destination(running: ModelImage?) -> Entry? {
    let found = stack.last { !$0.isObserved && $0.state != nil && $0.state != running }
    if let found { return found }
    guard let bottom = stack.first, bottom.isObserved, let image = bottom.state, image != running,
      !tried.contains(image)
    else { return nil }
    return bottom
  }

  private mutating func take(_ record: ModelRecord, _ service: String) {
    guard record.isAbout(service) else { return }
    let row = record.rows[service]
    let isCovered = record.services.contains(service)
    if !isKnown {
      isKnown = true
      beganWithNothing = row?.before == nil
      stack = [Entry(state: row?.before, isObserved: row?.before != nil, isBottom: true)]
    }
    find(row?.before, service)
    defer { if record.mayHaveChanged, !record.wasSeen || row?.before != row?.after { newestChange = record } }
    guard record.wasSeen else { return }
    let after = row?.after
    guard record.outcome == .succeeded else {
      let wasMeant = after.map { $0 != row?.before || record.tags.contains($0.tag) } ?? false
      if record.mayHaveChanged, isCovered, wasMeant, let after { tried.insert(after) }
      return
    }
    switch record.kind {
    case .deploy:
      guard isCovered || (after == nil && row?.before != nil) else { return }
      put(after, by: record)
      if after == nil, row?.before != nil { tagsOfNone.formUnion(record.tags) }
    case .rollback:
      guard isCovered else { return }
      goBack(to: after, from: row?.before, by: record)
    }
  }

  private mutating func put(_ state: ModelImage?, by record: ModelRecord) {
    stack.append(Entry(state: state, sources: [record.id], tags: record.tags))
    if record.kind == .deploy || everGood[state] == nil { everGood[state] = record.id }
  }

  private mutating func goBack(to state: ModelImage?, from left: ModelImage?, by record: ModelRecord) {
    let isOnlyAtBottom = !stack.contains { $0.state == nil && !$0.isBottom }
    if state == nil, isOnlyAtBottom, !tagsOfNone.isDisjoint(with: record.tags), stack.last?.tags != record.tags {
      return put(nil, by: record)
    }
    if let index = stack.lastIndex(where: { $0.state == state }) {
      stack.removeSubrange((index + 1)...)
      guard !stack[index].isObserved else { return put(state, by: record) }
      stack[index].sources = stack[index].sources.prefix(1) + [record.id]
      stack[index].tags = record.tags
      if everGood[state] == nil { everGood[state] = record.id }
      return
    }
    if let newest = everGood[state] {
      // Going there is going back: what was deployed since is left.
      let earlier = stack.filter { $0.sources.first ?? 0 <= newest }.map(\.state)
      stack.removeAll { $0.sources.first ?? 0 > newest && !earlier.contains($0.state) }
    } else if let left {
      while let top = stack.last, top.state == left { stack.removeLast() }
    }
    put(state, by: record)
  }
}
