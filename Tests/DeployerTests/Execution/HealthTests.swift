import Testing

@testable import Deployer

struct HealthTests {
  typealias Container = Observation.Container

  /// A service, what its container looked like in each look since `up`, and the verdict.
  static let table: [([Container], Health)] = [
    ([], .pending),
    ([.of("backend", health: "starting")], .pending),
    ([.of("backend", health: "starting"), .of("backend", health: "healthy")], .healthy),
    ([.of("backend", state: "created")], .pending),
    ([.of("backend", state: "paused")], .pending),
    (
      [.of("backend", health: "unhealthy")],
      .unhealthy(service: "backend", container: "c1", reason: "backend is unhealthy by its own health check")
    ),
    (
      [.of("backend", state: "exited", exitCode: 3)],
      .unhealthy(service: "backend", container: "c1", reason: "backend stopped with exit status 3")
    ),
    (
      [.of("backend", state: "dead", exitCode: 137)],
      .unhealthy(service: "backend", container: "c1", reason: "backend stopped with exit status 137")
    ),
    (
      [.of("backend", state: "restarting", exitCode: 3)],
      .unhealthy(service: "backend", container: "c1", reason: "backend keeps crashing (exit status 3)")
    ),
    (
      [.of("backend"), .of("backend", restarts: 1, exitCode: 1)],
      .unhealthy(service: "backend", container: "c1", reason: "backend keeps crashing (exit status 1)")
    ),
    ([.of("backend", state: "exited", exitCode: 0)], .healthy),
    ([.of("backend")], .pending),
    ([.of("backend"), .of("backend"), .of("backend")], .pending),
    ([.of("backend"), .of("backend"), .of("backend"), .of("backend")], .healthy),
    ([.of("backend", id: "old"), .of("backend", id: "old"), .of("backend", id: "old"), .of("backend")], .pending),
  ]

  @Test(arguments: table)
  func `a verdict is read from the looks since up`(containers: [Container], verdict: Health) {
    let observations = containers.map { Observation.of($0) }
    #expect(Health.judge(services: ["backend"], before: .of(), observations: observations) == verdict)
  }

  @Test func `a container that up did not touch is steady already, and its old restarts do not count`() {
    let same = Container.of("backend", restarts: 5)
    #expect(Health.judge(services: ["backend"], before: .of(same), observations: [.of(same)]) == .healthy)
    let restarted = Container.of("backend", restarts: 5, since: "2026-11-24T11:00:00Z")
    #expect(Health.judge(services: ["backend"], before: .of(same), observations: [.of(restarted)]) == .pending)
    let crashed = Container.of("backend", restarts: 6)
    let verdict = Health.judge(services: ["backend"], before: .of(same), observations: [.of(crashed)])
    #expect(
      verdict == .unhealthy(service: "backend", container: "c1", reason: "backend keeps crashing (exit status 0)"))
  }

  @Test func `a service without a container is not healthy`() {
    let verdict = Health.judge(services: ["db"], before: .of(), observations: [.of(.of("backend"))])
    #expect(verdict == .unhealthy(service: "db", container: nil, reason: "db has no container"))
  }

  @Test func `no service named means every one that has a container`() {
    let healthy = Container.of("db", id: "c2", health: "healthy")
    let sick = Container.of("mcp", id: "c3", health: "unhealthy")
    #expect(Health.judge(services: [], before: .of(), observations: [.of(healthy)]) == .healthy)
    let verdict = Health.judge(services: [], before: .of(), observations: [.of(healthy, sick)])
    #expect(
      verdict == .unhealthy(service: "mcp", container: "c3", reason: "mcp is unhealthy by its own health check"))
  }

  @Test func `a service that was not deployed does not decide`() {
    let mine = Container.of("backend", health: "healthy")
    let other = Container.of("mcp", id: "c3", health: "unhealthy")
    #expect(Health.judge(services: ["backend"], before: .of(), observations: [.of(mine, other)]) == .healthy)
  }

  @Test func `one sick container decides before another one that is still starting`() {
    let starting = Container.of("backend", health: "starting")
    let sick = Container.of("db", id: "c2", state: "exited", exitCode: 1)
    let verdict = Health.judge(services: ["backend", "db"], before: .of(), observations: [.of(starting, sick)])
    #expect(verdict == .unhealthy(service: "db", container: "c2", reason: "db stopped with exit status 1"))
  }
}
