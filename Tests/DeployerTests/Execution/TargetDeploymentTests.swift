import Ledger
import Platform
import Testing

@testable import Deployer
@testable import Fakes

/// The whole way of a deployment, over a host that is a value and a real ledger.
struct TargetDeploymentTests {
  @Test func `a deployment that goes well is recorded from its start to its anchor`() async throws {
    let person = try await FakeOperator()
    let result = try #require(try await person.deploy("A").ended)
    #expect(result.isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
    #expect(try await person.steps(of: result.deployment) == ["login", "pull", "changing", "up", "health"])
    let images = try await person.ledger.images(of: result.deployment)
    #expect(images.map(\.service) == ["backend", "db"])
    #expect(images.first?.after?.digest == "ghcr.io/u/backend@sha256:d-backend-A")
    #expect(try await person.newest()?.start.secretVersions == [SecretVersion(item: "k7", version: 3)])
    let anchors = person.host.change(\.anchors)
    #expect(anchors.count == 1)
    #expect(try await person.ledger.verify().verdict == .proven)
    #expect(person.host.change(\.lockOwner) == nil)
  }

  @Test func `an unchanged deployment leaves every container alone`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    let before = person.host.change { $0.containers.map(\.id) }
    #expect(try await person.deploy("A").isSuccess)
    #expect(person.host.change { $0.containers.map(\.id) } == before)
  }

  @Test func `a single service is deployed alone`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    #expect(try await person.deploy("B", ["backend"]).isSuccess)
    #expect(person.host.running == ["backend": "B", "db": "16"])
    #expect(try await person.newest()?.start.services == ["backend"])
  }

  @Test func `an image that is not there is reported, and nothing was changed`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    let result = try #require(try await person.deploy("nosuch").ended)
    #expect(result.outcome == .failed)
    #expect(result.reason?.contains("has no image with the tag nosuch") == true)
    #expect(person.host.running["backend"] == "A")
    #expect(try await person.steps(of: result.deployment) == ["login", "pull"])
  }

  @Test func `a variable that is not set stops the deployment before anything changes`() async throws {
    let person = try await FakeOperator(FakeHost { $0.unsetVariables = ["JWT_SECRET"] })
    let refusal = try #require(try await person.deploy("A").refusal)
    guard case .validation(let problems) = refusal else { return #expect(Bool(false), "\(refusal)") }
    #expect(problems.map(\.what) == ["JWT_SECRET is not set (compose.yaml, line 7)"])
    #expect(person.host.running.isEmpty)
    #expect(try await person.newest() == nil)
  }

  @Test func `an unhealthy service fails with its log, and stays without rollback_on_failure`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publish("bad", .unhealthy) })
    try await person.deploy("A")
    let result = try #require(try await person.deploy("bad").ended)
    #expect(result.outcome == .failed)
    #expect(result.reason == "backend is unhealthy by its own health check")
    #expect(result.recovery.isEmpty)
    #expect(person.host.running["backend"] == "bad")
    #expect(try await person.steps(of: result.deployment).suffix(2) == ["health", "logs"])
  }

  @Test func `with rollback_on_failure the services go back, in a deployment of its own`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publish("bad", .crashing) })
    try await person.deploy("A")
    let result = try #require(try await person.deploy("bad", rollsBack: true).ended)
    #expect(result.outcome == .failed)
    #expect(result.recovery.map(\.outcome) == [.succeeded])
    #expect(person.host.running["backend"] == "A")
    let newest = try await person.newest()
    #expect(newest?.start.kind == .rollback)
    #expect(newest?.start.undoes == result.deployment)
    #expect(newest?.start.tag == "A")
  }

  @Test func `a service that takes its time is waited for`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publish("slow", .slow(20)) })
    #expect(try await person.deploy("slow").isSuccess)
    let waits = person.progress.filter { if case .awaitingHealth = $0 { true } else { false } }
    let (backend, db) = (PendingService("backend", .starting), PendingService("db", .settling(.seconds(10))))
    #expect(waits == [[backend, db], [backend]].map { .awaitingHealth($0, limit: .seconds(90)) })
  }

  @Test func `a service that never becomes healthy fails when the time is up`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publish("slow", .slow(.max)) })
    let result = try #require(try await person.deploy("slow").ended)
    #expect(result.reason == "not healthy after 1m30s: backend")
  }

  @Test func `what fewer profiles leave over is stopped and removed`() async throws {
    let person = try await FakeOperator(
      FakeHost {
        $0.profiles = ["scale-2": ["worker-2"]]
        $0.publish("A")
      })
    try await person.deploy("A", profiles: ["scale-2"])
    #expect(person.host.running.keys.sorted() == ["backend", "db", "worker-2"])
    let result = try #require(try await person.deploy("A").ended)
    #expect(result.isSuccess)
    #expect(person.host.running.keys.sorted() == ["backend", "db"])
    #expect(try await person.steps(of: result.deployment).last == "scale-down")
  }

  @Test func `a host that fails its checks is not deployed to, and every problem is told`() async throws {
    let person = try await FakeOperator(FakeHost { $0.findings = [.noFlock, .directoryReadOnly] })
    let refusal = try await person.deploy("A").refusal
    guard case .validation(let problems) = refusal else { throw Unexpected(refusal) }
    #expect(problems.count == 2)
    #expect(try await person.newest() == nil)
  }

  @Test func `in a batch a target that fails its checks is recorded as failed`() async throws {
    let person = try await FakeOperator(FakeHost { $0.isUp = false })
    let result = try #require(await person.perform(.deploy(try person.plan("A")), recordsRefusal: true).ended)
    #expect(result.outcome == .failed)
    #expect(result.reason == "backend.example.org refuses ssh connections; nothing was changed")
    #expect(try await person.newest()?.outcome == .failed)
  }

  @Test func `without validation an unreachable host is recorded as failed`() async throws {
    let person = try await FakeOperator(FakeHost { $0.isUp = false })
    let result = try #require(await person.perform(.deploy(try person.plan("A")), validates: false).ended)
    #expect(result.outcome == .failed)
    #expect(result.reason == "backend.example.org refuses ssh connections; nothing was changed")
  }

  @Test func `a host that another deployment has locked is left alone`() async throws {
    let person = try await FakeOperator(FakeHost { $0.lockOwner = "grace with deployment 7" })
    let result = try #require(try await person.deploy("A").ended)
    #expect(result.wasLocked)
    #expect(result.reason == "the host is locked by grace with deployment 7; nothing was changed")
    #expect(person.host.running.isEmpty)
  }

  @Test func `a lock is waited for as long as the plan allows`() async throws {
    let person = try await FakeOperator(FakeHost { $0.lockOwner = "grace" })
    var plan = try person.plan("A")
    plan.lockTimeout = .seconds(5)
    let result = try #require(await person.perform(.deploy(plan)).ended)
    #expect(result.wasLocked)
    #expect(person.host.requests.filter { $0 == "lock" }.count == 21)
    #expect(person.progress.contains(.waiting("the host is locked by grace")))
  }

  @Test func `a ledger that the host knows to be older than it was is refused`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    let head = Head(seq: 999, hash: String(repeating: "ab", count: 32), ledgerID: person.ledger.id)
    person.host.change { $0.anchors.append(Anchor(head: head, at: .now).line) }
    let refusal = try await person.deploy("B").refusal
    guard case .ledger(.damaged(_, let reason)) = refusal else { throw Unexpected(refusal) }
    #expect(reason.contains("the ledger was rolled back"))
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `a host that knows another ledger is a warning`() async throws {
    let head = Head(seq: 5, hash: String(repeating: "ab", count: 32), ledgerID: "0f8fad5b-d9cb-469f-a165-70867728950e")
    let person = try await FakeOperator(FakeHost { $0.anchors = [Anchor(head: head, at: .now).line] })
    #expect(try await person.deploy("A").isSuccess)
    #expect(
      person.progress.contains { if case .warning(let text) = $0 { text.contains(head.ledgerID) } else { false } })
  }

  @Test func `an orphan of the same target gets its end first`() async throws {
    let person = try await FakeOperator()
    let orphan = try await person.ledger.begin(try person.plan("A").start(services: ["backend"], secrets: [])).id
    #expect(try await person.deploy("A").isSuccess)
    #expect(try await person.ledger.deployment(orphan)?.outcome == .interrupted)
  }

  @Test func `secrets that cannot be fetched stop everything before the start is recorded`() async throws {
    let person = try await FakeOperator()
    let silent = CommandRunner { _, _ in throw CommandError.notFound(executable: "op") }
    let deployment = TargetDeployment(.deploy(try person.plan("A")), in: person.context(silent), validates: true)
    await #expect(throws: DeployFailure.self) { try await deployment.perform() }
    #expect(try await person.newest() == nil)
    #expect(!person.host.requests.contains("lock"))
  }
}

struct Unexpected: Error, CustomStringConvertible {
  let description: String
  init(_ value: some Any) { description = "unexpected: \(value)" }
}
