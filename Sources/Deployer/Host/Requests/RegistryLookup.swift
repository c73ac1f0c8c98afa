/// What a registry said of an image.
enum RegistryAnswer: Sendable, Equatable {
  /// With the config ids of its platforms, if the host's client tells them.
  case has(ids: Set<String>)
  /// With Docker's own words; empty if there was no answer.
  case refused(String)
}

extension RemoteScript {
  func registry(_ references: [String]) -> [UInt8] { call("ktrdr_registry", references) + done }
}

extension RemoteSession {
  /// An image of which the host said nothing is left out.
  func askRegistries(for references: [String]) async throws(HostError) -> [String: RegistryAnswer] {
    var answers: [String: RegistryAnswer] = [:]
    for case .fact("registry", let fields) in try await ask(script.registry(references)) where fields.count >= 2 {
      let rest = fields.dropFirst(2).joined(separator: " ").trimmed
      answers[fields[1]] =
        fields[0] == "has" ? .has(ids: Set(rest.split(separator: " ").map(String.init))) : .refused(rest)
    }
    return answers
  }
}
