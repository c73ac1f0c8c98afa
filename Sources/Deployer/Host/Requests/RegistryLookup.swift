/// What a registry said of an image.
enum RegistryAnswer: Sendable, Equatable {
  case has
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
      answers[fields[1]] = fields[0] == "has" ? .has : .refused(fields.dropFirst(2).joined(separator: " ").trimmed)
    }
    return answers
  }
}
