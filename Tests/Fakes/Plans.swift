import Ledger

@testable import Deployer

extension Plan {
  /// A deployment of the backend of a small core.
  static func core(
    services: [String] = ["backend"], tag: String = "sha-a1b2c3d", profiles: [String] = [], registry: Bool = true,
    secrets: [String] = ["DB_PASSWORD"]
  ) throws -> Plan {
    let target = Target(
      name: try TargetName("core"), host: try HostName("backend.example.org"), directory: "/opt/core",
      composeFiles: ["core.yml"],
      environment: [EnvironmentVariable(name: try EnvironmentName("DB_NAME"), value: "ktrdr")],
      secrets: try secrets.map { name in
        SecretVariable(
          name: try EnvironmentName(name), reference: SecretReference(item: "item", field: name.lowercased()))
      }, healthTimeout: .seconds(90))
    var plan = Plan(
      target: target, services: try services.map { try ServiceName($0) },
      profiles: try profiles.map { try ProfileName($0) }, tag: try ImageTag(tag),
      commit: try GitSHA("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"), isDirty: false,
      registries: registry
        ? [Registry(server: "ghcr.io", username: "ada", token: SecretReference(item: "item", field: "ghcr_token"))]
        : [],
      operator: "ada@example.org", client: "ktrdr/1 desk")
    plan.project = ComposeProject(
      name: "core",
      services: [
        ComposeService(name: "backend", image: "ghcr.io/u/b:\(tag)", takesTag: true),
        ComposeService(name: "mcp", image: "ghcr.io/u/b:\(tag)", takesTag: true),
      ])
    return plan
  }
}

extension Observation.Container {
  /// A container as a look finds it; by default one without a health check that runs.
  static func of(
    _ service: String, id: String = "c1", reference: String = "ghcr.io/u/b:sha-a1b2c3d", state: String = "running",
    health: String? = nil, restarts: Int = 0, exitCode: Int = 0, since: String = "2026-11-24T10:00:00Z",
    restartPolicy: String = "unless-stopped"
  ) -> Observation.Container {
    Observation.Container(
      service: service, id: id, reference: reference, imageID: "sha256:i", state: state, health: health,
      restarts: restarts, exitCode: exitCode, since: since, restartPolicy: restartPolicy)
  }
}

extension Observation {
  /// A minute after the containers of ``Container/of(_:id:reference:state:health:restarts:exitCode:since:restartPolicy:)``
  /// were started.
  static func of(_ containers: Container...) -> Observation {
    Observation(containers: containers, digests: [:], time: Container.moment("2026-11-24T10:01:00Z"))
  }
}
