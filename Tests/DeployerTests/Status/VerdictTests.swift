import Ledger
import Platform
import Testing

@testable import Deployer

private let repository = "ghcr.io/kpiteira/ktrdr-backend"
private let good = ImageIdentity(
  reference: "\(repository):sha-a1b2c3d", id: "sha256:aaa", digest: "\(repository)@sha256:111")

private func expectation(
  _ service: String = "backend", _ image: ImageIdentity = good, kind: DeploymentKind = .deploy,
  tag: String? = "sha-a1b2c3d"
) throws -> ExpectedImage {
  let start = DeploymentStart(
    kind: kind, target: "core", host: "h", services: [service], tag: tag,
    gitSHA: String(repeating: "a", count: 40), operator: "ada", client: "c")
  let deployment = Deployment(id: 7, uuid: "u", start: start, startedAt: Date(), outcome: .succeeded)
  return try #require(ExpectedImage(deployment, ImageRecord(service: service, after: image)))
}

private func container(
  _ service: String = "backend", image: String = "sha256:aaa", state: String = "running", health: String? = nil,
  id: String = "c1", reference: String = good.reference
) -> Observation.Container {
  Observation.Container(
    service: service, id: id, reference: reference, imageID: image, state: state, health: health, restarts: 0,
    exitCode: 0, since: "2026-11-24T10:17:03.123456789Z")
}

private func seen(_ containers: Observation.Container...) -> Observation {
  Observation(
    containers: containers,
    digests: ["sha256:aaa": ["\(repository)@sha256:111"], "sha256:bbb": ["\(repository)@sha256:222"]])
}

private func core() throws -> Target {
  Target(name: try TargetName("core"), host: try HostName("backend.ktrdr.lab"), directory: "/opt/ktrdr-core")
}

@Suite struct VerdictTests {
  @Test func `a container that lacks a secret of the compose files was not created by ktrdr`() throws {
    var project = ComposeProject(name: "core", services: [ComposeService(name: "backend")])
    project.services[0].secretVariables = ["PASSWORD", "TOKEN"]
    var lacking = container()
    lacking.emptyVariables = ["HTTP_PROXY"]
    func status() throws -> ServiceStatus? {
      TargetStatus(try core(), expected: [try expectation()], seen: seen(lacking), project: project).services.first
    }
    #expect(try status()?.verdict == .inSync)
    lacking.emptyVariables = ["HTTP_PROXY", "TOKEN"]
    #expect(try status()?.verdict == .drifted)
    #expect(try status()?.running?.missingSecrets == ["TOKEN"])
    (lacking.state, lacking.exitCode) = ("exited", 1)
    #expect(try status()?.verdict == .stopped)
  }

  @Test(arguments: [
    ("running", nil, "sha256:aaa", Verdict.inSync), ("running", "healthy", "sha256:aaa", .inSync),
    ("running", "starting", "sha256:aaa", .inSync), ("running", "unhealthy", "sha256:aaa", .unhealthy),
    ("restarting", nil, "sha256:aaa", .unhealthy), ("restarting", "starting", "sha256:aaa", .unhealthy),
    ("exited", nil, "sha256:aaa", .stopped), ("exited", "unhealthy", "sha256:aaa", .stopped),
    ("created", nil, "sha256:aaa", .stopped), ("paused", "healthy", "sha256:aaa", .stopped),
    ("dead", nil, "sha256:aaa", .stopped), ("running", "healthy", "sha256:bbb", .drifted),
    ("running", "unhealthy", "sha256:bbb", .unhealthy), ("exited", nil, "sha256:bbb", .stopped),
    ("restarting", nil, "sha256:bbb", .unhealthy),
  ])
  func `a container's state comes before its image`(
    state: String, health: String?, image: String, expected: Verdict
  ) throws {
    let status = TargetStatus(
      try core(), expected: [try expectation()], seen: seen(container(image: image, state: state, health: health)))
    #expect(status.verdict == expected)
    #expect(status.services.map(\.verdict) == [expected])
    #expect(status.services.first?.running?.state == state)
  }

  @Test func `a container that an up created and never started says nothing beside the one that runs`() throws {
    var (spare, second) = (container(image: "sha256:bbb", state: "created"), container())
    second.id = "second"
    func verdict(_ containers: Observation.Container...) throws -> Verdict {
      let look = Observation(containers: containers, digests: seen(container()).digests)
      return TargetStatus(try core(), expected: [try expectation()], seen: look).verdict
    }
    #expect(try verdict(spare, second) == .inSync)
    #expect(try verdict(spare) == .stopped)
    // One that has run before and does not any more is another thing.
    spare.state = "exited"
    #expect(try verdict(spare, second) == .stopped)
  }

  @Test(arguments: [
    (3, "2026-11-24T10:16:30Z", nil, Verdict.unhealthy), (3, "2026-11-24T10:16:30Z", "starting", .unhealthy),
    (3, "2026-11-24T10:16:30Z", "healthy", .inSync), (2, "2026-11-24T10:16:30Z", nil, .inSync),
    (3, "2026-11-24T10:16:00Z", nil, .inSync), (3, "when?", nil, .inSync),
  ])
  func `a container that keeps crashing is unhealthy also while it runs`(
    restarts: Int, since: String, health: String?, expected: Verdict
  ) throws {
    var crashing = container(health: health)
    (crashing.restarts, crashing.since) = (restarts, since)
    var look = seen(crashing)
    look.time = Observation.Container.moment("2026-11-24T10:17:00Z")
    #expect(TargetStatus(try core(), expected: [try expectation()], seen: look).verdict == expected)
  }

  @Test func `a tag that was moved to another digest is drift`() throws {
    let status = TargetStatus(try core(), expected: [try expectation()], seen: seen(container(image: "sha256:bbb")))
    #expect(status.services.first?.running?.tag == status.services.first?.expected?.tag)
    #expect(status.verdict == .drifted)
  }

  @Test func `the same digest is the same image, whatever its config id and its name`() throws {
    var look = seen(container(image: "sha256:ccc", reference: "mirror.example/backend:other"))
    look.digests["sha256:ccc"] = ["mirror.example/backend@sha256:111"]
    #expect(TargetStatus(try core(), expected: [try expectation()], seen: look).verdict == .inSync)
  }

  @Test func `without a recorded digest only the config id counts`() throws {
    let built = ImageIdentity(reference: "built:1", id: "sha256:aaa")
    let other = ImageIdentity(reference: "built:1", id: "sha256:eee")
    var look = seen(container())
    look.digests = [:]
    #expect(TargetStatus(try core(), expected: [try expectation("backend", built)], seen: look).verdict == .inSync)
    #expect(TargetStatus(try core(), expected: [try expectation("backend", other)], seen: look).verdict == .drifted)
  }

  @Test func `a service without its container is missing, and one that nobody recorded is unrecorded`() throws {
    let status = TargetStatus(try core(), expected: [try expectation("db")], seen: seen(container()))
    #expect(status.services.map(\.service) == ["backend", "db"])
    #expect(status.services.map(\.verdict) == [.unrecorded, .missing])
    #expect(status.services.map { $0.running != nil } == [true, false])
    #expect(status.verdict == .missing)
  }

  @Test(arguments: ["running", "exited"])
  func `what nobody recorded is unrecorded in any state`(state: String) throws {
    #expect(TargetStatus(try core(), expected: [], seen: seen(container(state: state))).verdict == .unrecorded)
  }

  @Test func `nothing recorded and nothing running is unrecorded`() throws {
    let status = TargetStatus(try core(), expected: [], seen: seen())
    #expect(status.verdict == .unrecorded)
    #expect(status.services.isEmpty)
  }

  @Test func `a service that the newest record took away is not expected`() throws {
    let start = DeploymentStart(kind: .deploy, target: "core", host: "h", operator: "ada", client: "c")
    let deployment = Deployment(id: 1, uuid: "u", start: start, startedAt: Date())
    #expect(ExpectedImage(deployment, ImageRecord(service: "worker-3", before: good)) == nil)
  }

  @Test func `of several containers the worst counts and is shown`() throws {
    let look = seen(
      container(id: "c1"), container(image: "sha256:bbb", id: "c2"), container(state: "restarting", id: "c3"))
    let service = try #require(TargetStatus(try core(), expected: [try expectation()], seen: look).services.first)
    #expect(service.verdict == .unhealthy)
    #expect(service.running?.state == "restarting")
  }

  @Test func `of an unreachable host everything is unreachable, and what is expected is still told`() throws {
    let problem = SSHDiagnostics(text: "ssh: connect to host h port 22: Connection refused").failure
      .problem(host: try core().host)
    let status = TargetStatus(try core(), expected: [try expectation("db"), try expectation()], error: problem)
    #expect(status.verdict == .unreachable)
    #expect(status.services.map(\.service) == ["backend", "db"])
    #expect(status.services.allSatisfy { $0.verdict == .unreachable && $0.running == nil && $0.expected != nil })
    #expect(status.error?.what == "backend.ktrdr.lab refuses ssh connections")
  }

  @Test func `a host that answers and cannot look says why`() throws {
    var diagnostics = SSHDiagnostics(text: "Warning: x\n")
    diagnostics.remoteText = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock."
    let problem = ObservationFailure.unavailable(try core(), diagnostics).problem
    #expect(
      problem.what.hasPrefix("could not list the containers on backend.ktrdr.lab: Cannot connect to the Docker daemon"))
    #expect(problem.nextStep == "ktrdr doctor core")
  }

  @Test func `verdicts go from in sync to unreachable`() {
    #expect(
      Verdict.allCases.sorted() == [
        .inSync, .completed, .unrecorded, .orphaned, .drifted, .unhealthy, .stopped, .missing, .unreachable,
      ])
    #expect(Verdict.allCases.filter(\.isGood) == [.inSync, .completed])
    #expect(Verdict.allCases.max() == .unreachable)
  }

  @Test(arguments: [
    ("2026-11-24T10:17:03.123456789Z", 1_795_515_423.123), ("2026-11-24T10:17:03.5Z", 1_795_515_423.5),
    ("2026-11-24T10:17:03Z", 1_795_515_423.0), ("", nil), ("soon", nil), ("2026-11-24T10:17:03", nil),
  ])
  func `Docker's time is read to the millisecond`(text: String, expected: Double?) {
    let read = Observation.Container.moment(text)?.timeIntervalSince1970
    #expect(read.map { ($0 * 1000).rounded() } == expected.map { ($0 * 1000).rounded() })
  }

  @Test func `what does not run has no since and no health`() throws {
    let status = TargetStatus(
      try core(), expected: [try expectation()], seen: seen(container(state: "exited", health: "unhealthy")))
    #expect(status.services.first?.running?.since == nil)
    #expect(status.services.first?.running?.health == nil)
  }

  @Test func `only an image that took the deployment's tag has its commit`() throws {
    #expect(try expectation().commit != nil)
    let database = ImageIdentity(reference: "postgres:16", id: "sha256:ddd")
    #expect(try expectation("db", database).commit == nil)
    #expect(try expectation("db", database).tag == "16")
    let local = ImageIdentity(reference: "sha256:aaa", id: "sha256:aaa")
    #expect(try expectation("backend", local).tag == nil)
    let pinned = ImageIdentity(reference: "\(repository)@sha256:111", id: "sha256:aaa")
    #expect(try expectation("backend", pinned).tag == nil)
    // The compose file itself names the digest: it follows no tag.
    #expect(try expectation("backend", pinned, kind: .rollback).tag == nil)
    let ours = ImageIdentity(reference: "\(repository):sha-a1b2c3d@sha256:111", id: "sha256:aaa")
    #expect(try expectation("backend", ours, kind: .rollback).tag == "sha-a1b2c3d")
    #expect(try expectation("backend", ours, kind: .rollback).commit != nil)
    #expect(try expectation("backend", local, kind: .rollback).tag == "sha-a1b2c3d")
  }
}
