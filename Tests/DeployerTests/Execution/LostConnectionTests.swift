import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// What becomes of a deployment whose connection is lost, or that somebody stops.
struct LostConnectionTests {
  private func lost(_ cut: FakeHost.Cut, _ change: @escaping (inout FakeHost.State) -> Void = { _ in }) async throws
    -> (
      FakeOperator, DeployResult
    )
  {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change {
      $0.cut = cut
      change(&$0)
    }
    return (person, try #require(try await person.deploy("B").ended))
  }

  @Test(arguments: [FakeHost.Cut.before(.login), .after(.login), .before(.pull), .after(.pull)])
  func `before 'up' it has failed, with ssh's reason, and nothing was changed`(cut: FakeHost.Cut) async throws {
    let (person, result) = try await lost(cut)
    #expect(result.outcome == .failed)
    #expect(result.reason == "the connection to backend.example.org was lost; nothing was changed")
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `during 'up' the host is asked again, and what it runs decides: the new image`() async throws {
    let (person, result) = try await lost(.after(.up))
    #expect(result.outcome == .succeeded)
    #expect(result.reason?.contains("every service was up and healthy") == true)
    #expect(person.host.running["backend"] == "B")
    let images = try await person.ledger.images(of: result.deployment)
    #expect(images.first?.before?.reference == "ghcr.io/u/backend:A")
    #expect(images.first?.after?.reference == "ghcr.io/u/backend:B")
  }

  @Test func `during 'up' the host is asked again, and what it runs decides: the old image`() async throws {
    let (person, result) = try await lost(.before(.up))
    #expect(result.outcome == .failed)
    #expect(result.reason?.contains("backend runs ghcr.io/u/backend:A, not ghcr.io/u/backend:B") == true)
    #expect(person.host.running["backend"] == "A")
  }

  @Test func `a step whose end did not arrive is recorded as unknown`() async throws {
    let (person, result) = try await lost(.after(.up))
    let up = try await person.ledger.steps(of: result.deployment).first { $0.name == "up" }
    #expect(up?.outcome == .unknown)
    #expect(up?.exitStatus == nil)
  }

  @Test func `a host that is gone for good leaves it unknown`() async throws {
    let (_, result) = try await lost(.after(.up)) { state in state.hooks[.up] = { $0.isUp = false } }
    #expect(result.outcome == .unknown)
    #expect(result.reason?.contains("could not be reached again") == true)
  }

  @Test func `a lock that stays held leaves it unknown`() async throws {
    let person = try await FakeOperator()
    person.host.change { state in
      state.cut = .after(.up)
      state.hooks[.up] = { $0.lockOwner = "the first shell" }
    }
    let result = try #require(try await person.deploy("B").ended)
    #expect(result.outcome == .unknown)
    #expect(result.reason?.contains("the host's lock was still held") == true)
  }

  @Test func `an engine that no longer answers leaves it unknown`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.hooks[.up] = { $0.isDockerUp = false } }
    let result = try #require(try await person.deploy("B").ended)
    #expect(result.outcome == .unknown)
    #expect(result.reason?.contains("no longer responds") == true)
  }

  @Test func `nothing is rolled back over a connection that was lost, and the reason says so`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publish("bad", .unhealthy) })
    try await person.deploy("A")
    person.host.change { $0.cut = .after(.up) }
    let result = try #require(try await person.deploy("bad", rollsBack: true).ended)
    #expect(result.outcome == .failed)
    #expect(result.reason?.contains("not rolled back automatically") == true)
    #expect(result.recovery.isEmpty)
    #expect(person.host.running["backend"] == "bad")
  }

  @Test(arguments: [(StepName.login, "A"), (.pull, "A")])
  func `whoever stops it before 'up' has changed nothing`(step: StepName, runs: String) async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { [stop = person.stop] in $0.hooks[step] = { _ in _ = stop.request(2) } }
    let result = try #require(try await person.deploy("B").ended)
    #expect(result.outcome == .cancelled)
    #expect(result.reason == "stopped by the operator before anything was changed")
    #expect(person.host.running["backend"] == runs)
    #expect(try await person.steps(of: result.deployment).contains("changing") == false)
  }

  @Test func `whoever stops it during 'up' is told what was seen`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { [stop = person.stop] in $0.hooks[.up] = { _ in _ = stop.request(2) } }
    let result = try #require(try await person.deploy("B").ended)
    #expect(result.outcome == .cancelled)
    #expect(result.reason?.hasPrefix("stopped by the operator after 'up' had begun") == true)
    #expect(person.host.running["backend"] == "B")
  }

  @Test func `whoever stops it while it is being prepared leaves no record`() async throws {
    let person = try await FakeOperator()
    _ = person.stop.request(2)
    #expect(try await person.deploy("A").refusal == .stopped)
    #expect(try await person.newest() == nil)
  }
}
