import Testing

@testable import Deployer
@testable import Fakes

struct PendingServiceTests {
  private static let rules = Health.Rules(
    stableFor: .seconds(10),
    project: ComposeProject(
      name: "core",
      services: [
        ComposeService(name: "backend"), ComposeService(name: "migrate"),
        ComposeService(name: "web", dependencies: [.init(service: "migrate", needsCompletion: true)]),
      ]))

  private static let young = "2026-11-24T10:00:55Z"

  @Test(
    arguments: [
      ([.of("backend")], []),
      ([.of("backend", health: "healthy")], []),
      ([.of("backend", health: "starting")], [PendingService("backend", .starting)]),
      ([.of("backend", since: young)], [PendingService("backend", .settling(.seconds(10)))]),
      ([.of("backend", state: "created")], [PendingService("backend", .notRunning)]),
      ([.of("backend", state: "paused")], [PendingService("backend", .notRunning)]),
      ([.of("backend", state: "restarting", restarts: 1)], [PendingService("backend", .restarting)]),
      ([.of("migrate", since: young)], [PendingService("migrate", .working)]),
      (
        [.of("backend", id: "c1", health: "healthy"), .of("backend", id: "c2", health: "starting")],
        [PendingService("backend", .starting)]
      ),
    ] as [([Observation.Container], [PendingService])])
  func `what is waited for is said of each service that is not healthy yet`(
    containers: [Observation.Container], pending: [PendingService]
  ) {
    let observation = Observation(
      containers: containers, digests: [:], time: Observation.Container.moment("2026-11-24T10:01:00Z"))
    let services = Array(Set(containers.map(\.service)))
    #expect(Self.rules.pending(of: services, before: .nothing, observations: [observation]) == pending)
  }
}
