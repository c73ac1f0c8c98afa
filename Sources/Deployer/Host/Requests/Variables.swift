extension RemoteScript {
  func variables(of container: String, _ wanted: [String: String]) -> [UInt8] {
    call("ktrdr_variables", [container] + wanted.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) + done
  }
}

extension RemoteSession {
  /// Those of the variables that have exactly this value in the container, or that it does not have at all.
  func variables(of container: String, _ wanted: [String: String]) async throws(HostError) -> Set<String> {
    var found: Set<String> = []
    for case .fact("variable", let fields) in try await ask(script.variables(of: container, wanted)) {
      found.formUnion(fields.prefix(1))
    }
    return found
  }
}
