/// Which containers are asked for, and what is known of their images already.
struct ObserveRequest: Sendable, Equatable {
  /// The ids of the only containers there are; empty if the client does not know that.
  var only: [String] = []
  /// Digests that need not be asked for again, by image id. An id names an image's very content, so they never change.
  var knownDigests: [String: [String]] = [:]
}

extension RemoteScript {
  func observe(only ids: [String] = [], knowing known: [String] = []) -> [UInt8] {
    call("ktrdr_observe", [ids.joined(separator: " ")] + known) + done
  }
}

extension RemoteSession {
  /// Throws ``HostError/unavailable`` if Docker did not answer.
  func observe(_ request: ObserveRequest) async throws(HostError) -> Observation {
    let known = request.knownDigests
    let events = try await ask(script.observe(only: request.only, knowing: Array(known.keys)))
    guard let seen = Observation(events) else { throw .unavailable }
    return try await complete(seen, knowing: known)
  }

  /// Adds the digests that were known. An image that has come from another repository since has another digest there, so
  /// then the host is asked for all of them.
  func complete(_ seen: Observation, knowing known: [String: [String]]) async throws(HostError) -> Observation {
    let whole = seen.knowing(known)
    guard !whole.knowsEveryRepository, !known.isEmpty else { return whole }
    return try await observe(ObserveRequest())
  }
}

extension Observation {
  /// `nil` if the host could not look.
  init?(_ events: [RemoteEvent]) {
    var looked = false
    containers = []
    digests = [:]
    for case .fact(let name, let fields) in events {
      switch (name, fields.count) {
      case ("container", 10) where !fields[0].isEmpty: containers.append(Container(fields))
      case ("digests", 2): digests[fields[0]] = fields[1].split(separator: " ").map(String.init)
      case ("observed", 1): looked = fields[0] == "ok"
      default: break
      }
    }
    guard looked else { return nil }
    containers.sort { ($0.service, $0.id) < ($1.service, $1.id) }
  }
}

extension Observation.Container {
  fileprivate init(_ fields: [String]) {
    self.init(
      service: fields[0], id: fields[1], reference: fields[2], imageID: fields[3], state: fields[4],
      health: fields[5].isEmpty ? nil : fields[5], restarts: Int(fields[6]) ?? 0, exitCode: Int(fields[7]) ?? 0,
      since: fields[8], name: String(fields[9].drop { $0 == "/" }))
  }
}
