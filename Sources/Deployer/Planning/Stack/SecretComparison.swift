/// Whether the containers have the secrets that a deployment would give them. A database keeps the password that it was created
/// with: whoever moves to 1Password has to know that another one stands there.
struct SecretComparison: Sendable {
  let preparation: Preparation

  /// A sentence for each service whose container has another value for a secret. Asked on the host: no value comes back.
  func warnings(on host: RemoteHost) async throws(HostError) -> [String] {
    let names = Set(preparation.plan.target.secrets.map(\.name.value))
    let secrets = preparation.secrets.environment.filter { names.contains($0.name) }
      .map { String(decoding: $0.value, as: UTF8.self) }
    guard !secrets.isEmpty, let project = preparation.plan.project, let observed = preparation.observed else {
      return []
    }
    var warnings: [String] = []
    for service in preparation.plan.covered.compactMap({ project.service($0) }) where !service.aroundSecrets.isEmpty {
      guard let container = observed.telling(of: service.name).first else { continue }
      // Compose says the same placeholder of each secret.
      let wanted = service.aroundSecrets.mapValues { around in secrets.map(around.with) }
      let same = try await host.variables(container.id, wanted)
      let others = Set(wanted.keys).subtracting(same).subtracting(container.emptyVariables).sorted()
      guard !others.isEmpty else { continue }
      warnings.append(
        "\(service.name) runs with another value of \(others.joined(separator: ", ")) than a deployment would give it from "
          + "1Password (a database that exists keeps its password)")
    }
    return warnings
  }
}
