import Ledger

/// The tag's variable, where the compose file has it elsewhere than in an image, as docs/rollback.md says.
extension ReferenceModel {
  /// What a record that succeeded says of a service.
  private func variable(of service: String, in record: ModelRecord) -> String? {
    if let own = record.variables[service] { return own }
    let tag = record.tags.first
    guard record.kind == .rollback else { return tag }
    // It is the tag of an image, be it another service's or one that does not follow the variable.
    return (record.rows[service]?.after?.tag == tag) == ModelStack.takesTag(service) ? tag : nil
  }

  /// The records that succeeded with an image of a service.
  private func past(of service: String, on image: ModelImage) -> [ModelRecord] {
    records.filter { record in
      record.outcome == .succeeded && record.services.contains(service) && record.rows[service]?.after == image
    }
  }

  /// What it had for a service, after the newest deployment that succeeded with this image.
  func variable(of service: String, on image: ModelImage, before id: Int64 = .max) -> String? {
    past(of: service, on: image).reversed().lazy.filter { $0.id < id }
      .compactMap { variable(of: service, in: $0) }.first
  }

  /// What it has now, where that is known.
  private func variable(of service: String, in world: ModelWorld) -> String? {
    let newest = records.last { $0.services.contains(service) && ($0.mayHaveChanged || $0.outcome == .succeeded) }
    guard let newest, newest.outcome == .succeeded, let image = world.images[service],
      newest.rows[service]?.after == image
    else { return nil }
    return variable(of: service, on: image) ?? (ModelStack.takesTag(service) ? image.tag : newest.tags.first)
  }

  /// The good values of a service that keeps its image are a stack, like good images.
  private func states(of service: String, on image: ModelImage) -> GoodStates {
    var before: ModelImage?
    let records = past(of: service, on: image).compactMap { record -> ModelRecord? in
      guard let tag = variable(of: service, in: record) else { return nil }
      var record = record
      let after = ModelImage(id: tag, tag: tag)
      record.rows = [service: .init(before: before, after: after)]
      before = after
      return record
    }
    return GoodStates(of: service, records, running: nil)
  }

  /// Where a service goes that keeps its image, if it is named or with all.
  func lastVariable(of service: String, _ world: ModelWorld) -> String? {
    guard let image = world.images[service] else { return nil }
    let now = variable(of: service, in: world).map { ModelImage(id: $0, tag: $0) }
    return states(of: service, on: image).destination(running: now)?.state?.tag
  }

  /// Whether a service is to get another one, or may be.
  func isToGet(_ tag: String?, _ service: String, _ world: ModelWorld) -> Bool {
    guard let tag, file.tagged.contains(service) else { return false }
    return variable(of: service, in: world) != tag
  }

  /// Whether it can go along with others, on the image that it runs.
  func mayFollow(_ service: String, on image: ModelImage?, _ world: ModelWorld) -> Bool {
    file.tagged.contains(service) && !file.absent.contains(service) && image != nil
      && world.images[service] == image && world.containers[service]?.isRunning == true
  }

  /// The services that a change started on the image that they had, and what they had in the variable before; empty where nobody knows.
  func followers(of change: ModelChange, _ world: ModelWorld) -> [String: String] {
    let started = ([change.newest] + change.attempts).reduce(into: Set()) { $0.formUnion($1.services) }
    return change.rows.reduce(into: [:]) { found, row in
      let service = row.key
      guard started.contains(service), !change.services.contains(service), let before = row.value.before,
        mayFollow(service, on: before, world)
      else { return }
      let first = row.value.first
      found[service] =
        states(of: service, on: before).stack.last { $0.sources.contains { $0 < first } }?.state?.tag ?? ""
    }
  }

  /// What services get.
  struct Variables: Sendable {
    var own: [String: String] = [:]
    /// For those in which it stands in the image alone, and where nobody knows.
    var main = ""
  }

  /// What each service gets. `along` are those that go along, with what they had before.
  func variables(_ goals: [String: Goal], along: [String: String], _ world: ModelWorld) -> Variables {
    let others = world.containers.filter { ModelStack.takesTag($0.key) }.min { $0.key < $1.key }?.value.image.tag
    var found: [String: String] = [:]
    var leaders: [(isOfTag: Bool, source: Int64, tag: String)] = []
    for (service, goal) in goals where along[service] == nil {
      switch goal {
      case .gone: continue
      case .tag(let tag):
        found[service] = tag
        leaders.append((true, 0, tag))
      case .image(let image, let sources):
        let source = records.first { $0.id == sources.last }
        found[service] =
          variable(of: service, on: image, before: source.map { $0.id + 1 } ?? .max)
          ?? (ModelStack.takesTag(service) ? image.tag : others)
        leaders.append((ModelStack.takesTag(service), source?.id ?? 0, found[service] ?? image.tag))
      }
    }
    let leader = leaders.max { ($0.isOfTag ? 1 : 0, $0.source) < ($1.isOfTag ? 1 : 0, $1.source) }?.tag
    for (service, own) in along {
      guard case .image(let image, _)? = goals[service] else { continue }
      found[service] = own.isEmpty ? (ModelStack.takesTag(service) ? image.tag : leader ?? image.tag) : own
    }
    return Variables(own: found, main: leader ?? along.keys.sorted().compactMap { found[$0] }.first ?? "")
  }
}
