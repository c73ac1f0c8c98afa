import Testing

@testable import Deployer
@testable import Fakes

struct HealthTests {
  typealias Container = Observation.Container

  private static let project = ComposeProject(
    name: "core",
    services: [
      ComposeService(name: "backend", publishesPorts: true), ComposeService(name: "db", hasHealthCheck: true),
      ComposeService(name: "migrate"),
      ComposeService(name: "web", dependencies: [.init(service: "migrate", needsCompletion: true)]),
    ])
  private static let rules = Health.Rules(stableFor: .seconds(10), project: project)

  private static func judge(
    _ observations: Observation..., of services: [String] = ["backend"], before: Observation = .nothing,
    rules: Health.Rules = rules
  ) -> Health {
    Health.judge(services: services, before: before, observations: observations, rules: rules)
  }

  private static func sick(_ reason: String, _ container: String? = "c1") -> Health {
    .unhealthy(service: reason.split(separator: " ").first.map(String.init) ?? "", container: container, reason: reason)
  }

  /// What a container without a health check looked like each time since `up`, a minute after its start unless said
  /// otherwise, and the verdict.
  static let table: [([Container], Health)] = [
    ([], .pending),
    ([.of("backend")], .healthy),
    ([.of("backend", since: "2026-11-24T10:00:50Z")], .healthy),
    ([.of("backend", since: "2026-11-24T10:00:51Z")], .pending),
    ([.of("backend", since: "when?")], .pending),
    ([.of("backend", state: "created")], .pending),
    ([.of("backend", state: "paused")], .pending),
    ([.of("backend", state: "exited", exitCode: 3)], sick("backend stopped with exit status 3")),
    ([.of("backend", state: "exited", exitCode: 0)], sick("backend stopped with exit status 0")),
    ([.of("backend", state: "dead", exitCode: 137)], sick("backend stopped with exit status 137")),
    ([.of("backend", state: "restarting", restarts: 2, exitCode: 3)], .pending),
    ([.of("backend", state: "restarting", restarts: 3, exitCode: 3)], sick("backend keeps crashing (exit status 3)")),
    (
      [.of("backend", state: "restarting", restarts: 2, exitCode: 3), .of("backend", restarts: 3)],
      sick("backend keeps crashing (exit status 3)")
    ),
    ([.of("backend", restarts: 3)], .pending),
    ([.of("backend", restarts: 6)], sick("backend keeps crashing")),
    ([.of("backend", restarts: 2)], .healthy),
    ([.of("backend", restarts: 2, since: "2026-11-24T10:00:59Z")], .pending),
  ]

  @Test(arguments: table)
  func `without a health check a container has to stay up`(containers: [Container], verdict: Health) {
    let observations = containers.map { Observation.of($0) }
    #expect(
      Health.judge(services: ["backend"], before: .nothing, observations: observations, rules: Self.rules) == verdict)
  }

  @Test(arguments: [
    (Container.of("db", health: "starting"), Health.pending), (.of("db", health: "healthy", restarts: 9), .healthy),
    (.of("db", health: "unhealthy"), sick("db is unhealthy by its own health check")),
    (.of("db", state: "restarting", health: "starting", restarts: 9), .pending),
  ])
  func `a health check decides, however often the container restarted`(container: Container, verdict: Health) {
    #expect(Self.judge(.of(container), of: ["db"]) == verdict)
  }

  @Test func `restarts from before the change do not count`() {
    let same = Container.of("backend", restarts: 5)
    #expect(Self.judge(.of(same), before: .of(same)) == .healthy)
    #expect(Self.judge(.of(.of("backend", restarts: 7)), before: .of(same)) == .healthy)
    #expect(Self.judge(.of(.of("backend", restarts: 11)), before: .of(same)) == Self.sick("backend keeps crashing"))
  }

  @Test func `a target may ask for less, and for nothing`() {
    let young = Observation.of(.of("backend", since: "2026-11-24T10:00:58Z"))
    #expect(Self.judge(young) == .pending)
    #expect(Self.judge(young, rules: Health.Rules(stableFor: .seconds(2), project: Self.project)) == .healthy)
    let unknown = Observation.of(.of("backend", since: "when?"))
    #expect(Self.judge(unknown, rules: Health.Rules(stableFor: .zero, project: Self.project)) == .healthy)
  }

  @Test(arguments: [
    (Container.of("migrate", restartPolicy: "no"), Health.pending),
    (.of("migrate", state: "exited", restartPolicy: "no"), .healthy),
    (.of("migrate", state: "exited", restartPolicy: "always"), .healthy),
    (.of("migrate", state: "exited", exitCode: 1, restartPolicy: "no"), sick("migrate stopped with exit status 1")),
    (.of("web", state: "exited", restartPolicy: "no"), .healthy),
    (.of("web", state: "exited", exitCode: 2, restartPolicy: "on-failure"), sick("web stopped with exit status 2")),
    (.of("web", state: "exited", restartPolicy: "unless-stopped"), sick("web stopped with exit status 0")),
    (.of("backend", state: "exited", restartPolicy: "no"), sick("backend stopped with exit status 0")),
  ])
  func `a job is healthy when it has ended with 0`(container: Container, verdict: Health) {
    #expect(Self.judge(.of(container), of: [container.service]) == verdict)
  }

  @Test func `a service has as many containers as it should`() {
    #expect(Self.judge(.of(.of("backend")), of: ["db"]) == Self.sick("db has no container", nil))
    var rules = Self.rules
    rules.project?.services[0].replicas = 2
    #expect(Self.judge(.of(.of("backend")), rules: rules) == Self.sick("backend has 1 of 2 containers", nil))
    #expect(Self.judge(.of(.of("backend"), .of("backend", id: "c2")), rules: rules) == .healthy)
    rules.project?.services[0].replicas = 0
    #expect(Self.judge(.of(), rules: rules) == .healthy)
  }

  @Test func `a service that was not deployed does not decide`() {
    let other = Container.of("db", id: "c3", health: "unhealthy")
    #expect(Self.judge(.of(.of("backend"), other)) == .healthy)
  }

  @Test func `one sick container decides before another one that is still starting`() {
    let starting = Container.of("db", health: "starting")
    let stopped = Container.of("backend", id: "c2", state: "exited", exitCode: 1)
    #expect(
      Self.judge(.of(starting, stopped), of: ["db", "backend"]) == Self.sick("backend stopped with exit status 1", "c2")
    )
  }
}
