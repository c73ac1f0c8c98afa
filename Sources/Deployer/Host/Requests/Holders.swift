/// A container that has a name which another one is to have.
struct NameHolder: Sendable, Equatable {
  /// The Compose project and service that it belongs to; empty if it belongs to none.
  var project: String
  var service: String
}

extension RemoteScript {
  func holders(of names: [String]) -> [UInt8] { call("ktrdr_holders", names) + done }
}

extension RemoteSession {
  /// The containers that have these names, in whatever state they are.
  func holders(of names: [String]) async throws(HostError) -> [String: NameHolder] {
    var holders: [String: NameHolder] = [:]
    for case .fact("holder", let fields) in try await ask(script.holders(of: names)) where fields.count == 3 {
      let words = fields.map(Observation.unquoted)
      let name = String(words[0].drop { $0 == "/" })
      // Docker takes the beginning of an id for a name.
      if names.contains(name) { holders[name] = NameHolder(project: words[1], service: words[2]) }
    }
    return holders
  }
}
