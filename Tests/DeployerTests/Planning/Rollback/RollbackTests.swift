import Ledger
import Platform
import Synchronization
import Testing

@testable import Deployer
@testable import Fakes

/// Rollbacks from the request to the record, over a host that is a value.
struct RollbackTests {
  @Test func `a rollback goes to the last good image by digest, and undoes what it leaves`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    let result = try #require(try await person.rollback().ended)
    #expect(result.isSuccess)
    #expect(person.host.running["backend"] == "A")
    let newest = try #require(try await person.newest())
    #expect(newest.start.undoes == 2)
    #expect(newest.start.tag == "A")
    #expect(newest.start.services == ["backend"])
    #expect(
      person.host.change { $0.containers.first { $0.service == "backend" }?.reference }
        == "ghcr.io/u/backend:A@sha256:d-backend-A")
    #expect(try await person.steps(of: newest.id) == ["config", "changing", "up", "health"])
  }

  @Test func `a service on another version that is not covered is named, with the way to cover it`() async throws {
    let person = try await FakeOperator(
      FakeHost { state in
        state.services = ["backend", "worker", "db"]
        for tag in ["A", "B", "C"] { state.publish(tag) }
      })
    func explained(_ destination: RollbackRequest.Destination = .lastGood) async throws -> [String] {
      person.told.withLock { $0 = [] }
      await person.perform(.rollback(try person.request(to: destination)))
      let told = person.told.withLock { $0 }
      return told.flatMap { progress -> [String] in
        if case .explanation(let lines) = progress { lines.filter { $0.contains("not covered") } } else { [] }
      }
    }
    try await person.deploy("A")
    try await person.deploy("B")
    try await person.deploy("C", ["backend"])
    #expect(
      try await explained(.tag(try ImageTag("A"))) == [
        "worker: not covered, stays on B ('ktrdr rollback core all --to A' covers every service)"
      ])
    #expect(try await explained().isEmpty, "worker runs B as well")
  }

  @Test func `it works without the registry as long as the host has the image`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.isRegistryUp = false }
    #expect(try await person.rollback().isSuccess)
  }

  @Test func `an image that the host lost is pulled again`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.local = $0.local.filter { !$0.key.hasSuffix(":A") } }
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.steps(of: 3).prefix(2) == ["login", "pull"])
  }

  @Test func `a service that drifted undoes nothing: what runs is not the ledger's`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { state in
      state.local["ghcr.io/u/backend:P"] = "sha256:backend-P"
      _ = state.replace("backend", "ghcr.io/u/backend:P", "sha256:backend-P")
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.newest()?.start.undoes == nil)
  }

  @Test func `a service whose container is gone undoes nothing`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.containers.removeAll { $0.service == "backend" } }
    #expect(try await person.rollback(["backend"]).isSuccess)
    #expect(try await person.newest()?.start.undoes == nil)
  }

  @Test func `a rollback to the version that runs has nothing to do`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    guard case .nothingToRollBackTo(let lines, _) = try await person.rollback(["backend"], to: .deployment(1)).refusal
    else { throw Unexpected("no refusal") }
    #expect(lines.first == "core runs this already, so there is nothing to do")
    #expect(try await person.newest()?.id == 1)
  }

  @Test func `a rollback to the version that is stopped starts it, and does not undo it`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.containers[0].state = "exited" }
    #expect(try await person.rollback(["backend"], to: .deployment(1)).isSuccess)
    #expect(try await person.newest()?.start.undoes == nil)
  }

  @Test func `a deployment that died while the host was changing is what a rollback undoes`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    let orphan = try await person.ledger.begin(try person.plan("C").start(services: ["backend"], secrets: [])).id
    let step = StepRecord(name: "changing", startedAt: .now, durationMS: 0, exitStatus: 0, outcome: .succeeded)
    try await person.ledger.append(step, to: orphan)
    person.host.change { state in
      state.local["ghcr.io/u/backend:C"] = "sha256:backend-C"
      _ = state.replace("backend", "ghcr.io/u/backend:C", "sha256:backend-C")
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.newest()?.start.undoes == orphan)
  }

  @Test func `the operator may choose a tag or a deployment`() async throws {
    let person = try await FakeOperator()
    for tag in ["A", "B", "C"] { try await person.deploy(tag) }
    #expect(try await person.rollback(to: .tag(try ImageTag("A"))).isSuccess)
    #expect(person.host.running["backend"] == "A")
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.rollback(to: .tag(try ImageTag("P"))).isSuccess)
    #expect(person.host.running["backend"] == "P")
  }

  @Test func `a deployment that is none of the target's is wrong usage`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    guard case .usage = try await person.rollback(to: .deployment(99)).refusal else { throw Unexpected("no refusal") }
  }

  @Test func `where there is nothing to go back to, that is what is said`() async throws {
    let person = try await FakeOperator()
    guard case .nothingToRollBackTo = try await person.rollback().refusal else { throw Unexpected("no refusal") }
    try await person.deploy("A")
    guard case .nothingToRollBackTo = try await person.rollback().refusal else { throw Unexpected("no refusal") }
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `a batch's target that was changed since is left alone`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    var request = try person.request()
    request.undoing = 1
    guard case .nothingToRollBackTo(let lines, _) = await person.perform(.rollback(request)).refusal else {
      throw Unexpected("no refusal")
    }
    #expect(lines.first?.contains("by deployment 2 after deployment 1") == true)
  }

  @Test func `a batch that has been taken back is not taken back once more, and no older version is offered`()
    async throws
  {
    let person = try await FakeOperator()
    for tag in ["A", "B", "C"] { try await person.deploy(tag) }
    var request = try person.request()
    request.undoing = 3
    #expect(await person.perform(.rollback(request)).isSuccess)
    let refusal = try #require(await person.perform(.rollback(request)).refusal)
    let taken = ["deployment 3 of core has been taken back by rollback 4"]
    #expect(refusal == .nothingToRollBackTo(taken, nextStep: "ktrdr status core"))
  }

  /// By another deployment, by a hand that takes no lock, and of a service that the rollback does not cover.
  @Test(arguments: [("backend", true), ("backend", false), ("db", true), ("db", false)])
  func `what changed since the rollback was chosen stops it`(service: String, takesLock: Bool) async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { state in
      state.local["ghcr.io/u/\(service):C"] = "sha256:\(service)-C"
      state.afterwards["check"] = { state in
        if takesLock { state.lockByAnother() }
        _ = state.replace(service, "ghcr.io/u/\(service):C", "sha256:\(service)-C")
      }
    }
    let result = try #require(try await person.rollback().ended)
    #expect(result.outcome == .failed)
    #expect(result.reason?.hasPrefix("what runs has changed since the rollback was chosen") == true)
    #expect(person.host.running[service] == "C")
  }

  @Test func `a rollback that was chosen while another deployment was at work is not carried out after it`()
    async throws
  {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    var request = try person.request()
    request.lockTimeout = .seconds(60)
    person.host.change { state in
      state.local["ghcr.io/u/db:17"] = "sha256:db-17"
      (state.lockOwner, state.tellsWhoIsAtWork) = ("somebody", false)
      state.afterwards["lock"] = { state in
        state.lockOwner = nil
        _ = state.replace("db", "ghcr.io/u/db:17", "sha256:db-17")
      }
    }
    let result = try #require(await person.perform(.rollback(request)).ended)
    #expect(result.reason?.hasPrefix("what runs has changed since the rollback was chosen") == true)
    #expect(person.host.running == ["backend": "B", "db": "17"])
  }
}
