import Ledger

/// The tag's variable, where the compose file has it elsewhere than in an image, as docs/rollback.md says.
extension ReferenceModel {
  /// What it had for a service, after the newest deployment that succeeded with this image.
  func variable(of service: String, on image: ModelImage, before id: Int64 = .max) -> String? {
    let past = records.filter { record in
      record.id < id && record.outcome == .succeeded && record.services.contains(service)
        && record.rows[service]?.after == image
    }
    let deployed = past.filter { $0.kind == .deploy }.reduce(into: Set()) { $0.formUnion($1.tags) }
    var limit = id
    for record in past.reversed() where record.id < limit {
      if !record.tags.isDisjoint(with: deployed) { return record.tags.first }
      // Services went to several tags: this one to what it had before.
      limit = min(limit, record.undoes ?? limit)
    }
    return nil
  }

  /// What it has now, where that is known.
  private func variable(of service: String, in world: ModelWorld) -> String? {
    let newest = records.last { $0.services.contains(service) && ($0.mayHaveChanged || $0.outcome == .succeeded) }
    guard let newest, newest.outcome == .succeeded, let image = world.images[service],
      newest.rows[service]?.after == image
    else { return nil }
    return variable(of: service, on: image) ?? newest.tags.first
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
      found[service] = variable(of: service, on: before, before: row.value.first) ?? ""
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
