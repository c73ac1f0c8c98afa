extension RemoteScript {
  func variables(of container: String, _ wanted: [String: [String]]) -> [UInt8] {
    let pairs = wanted.sorted { $0.key < $1.key }.flatMap { name, values in values.map { "\(name)=\($0)" } }
    return call("ktrdr_variables", [container] + pairs) + done
  }
}

extension RemoteSession {
  /// Those of the variables that have exactly one of these values in the container, or that it does not have at all. The values may
  /// be secrets: they travel as every secret does, and what the container has stays on the host.
  func variables(of container: String, _ wanted: [String: [String]]) async throws(HostError) -> Set<String> {
    var found: Set<String> = []
    for case .fact("variable", let fields) in try await ask(script.variables(of: container, wanted)) {
      found.formUnion(fields.prefix(1))
    }
    return found
  }
}
