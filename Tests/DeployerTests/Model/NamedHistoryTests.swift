import Ledger
import Platform
import Testing

@testable import Deployer
@testable import DeploymentModel
@testable import Fakes

/// Histories after which a rollback once did the wrong thing, each by name.
struct NamedHistoryTests {
  // MARK: - What a deployment brought and took away

  @Test func `a rollback stops what the deployment brought`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    try await person.deploy("B", profiles: ["scale-2"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["worker-1": "A"])
    let record = try #require(try await person.newest())
    #expect(Set(record.start.services) == ["worker-1", "worker-2"])
    #expect(record.start.undoes == 2)
    #expect(record.start.profiles == [])
    let worker = try await person.ledger.images(of: 3).last { $0.service == "worker-2" }
    #expect(worker?.before?.id == "sha256:worker-2-B")
    #expect(worker?.after == nil)
  }

  @Test func `a rollback leaves a service alone that a deployment brought back after a hand had removed it`()
    async throws
  {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { $0.containers.removeAll { $0.service == "db" } }
    try await person.deploy("A")
    // Nothing but the database came back: there is nothing to take back.
    #expect(try await person.rollback().refusal != nil)
    #expect(person.host.running == ["backend": "A", "db": "16"])
    person.host.change { $0.containers.removeAll { $0.service == "db" } }
    try await person.deploy("B")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
    // One that came back as another version goes back.
    person.host.change { $0.containers.removeAll { $0.service == "backend" } }
    try await person.deploy("B")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
  }

  @Test func `an automatic rollback answers for what the deployment started, not for what was to be removed`()
    async throws
  {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A", profiles: ["scale-2"])
    person.host.change { state in
      state.publish("bad", .unhealthy)
      for index in state.containers.indices where state.containers[index].service == "worker-2" {
        state.containers[index].state = "exited"
      }
    }
    let failed = try #require(try await person.deploy("bad", rollsBack: true).ended)
    #expect(failed.outcome == .failed)
    #expect(try await person.newest()?.outcome == .succeeded)
    #expect(person.host.running == ["worker-1": "A", "worker-2": "A"])
  }

  @Test func `what a deployment neither found nor left does not keep one from going back to it`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A", ["backend"])
    person.host.change { $0.cut = .before(.up) }
    #expect(try await person.deploy("B").ended?.outcome == .failed)
    try await person.deploy("B")
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
  }

  @Test func `a repair is one although a deployment in between found nothing and left nothing that anybody saw`()
    async throws
  {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      state.containers.removeAll { $0.service == "db" }
      state.prepare(.lostBeforeUp, stop: StopSignal()) {}
    }
    #expect(try await person.deploy("B", ["db"]).ended?.outcome == .unknown)
    _ = person.host.change { $0.recover() }
    try await person.deploy("A")
    #expect(try await person.rollback().refusal != nil)
    #expect(person.host.running == ["backend": "A", "db": "16"])
  }

  @Test func `a repair whose end nobody saw is nothing to go back from`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { state in
      state.containers.removeAll { $0.service == "backend" }
      state.prepare(.lostAfterUp, stop: StopSignal()) {}
    }
    #expect(try await person.deploy("B", ["backend"]).ended?.outcome == .unknown)
    _ = person.host.change { $0.recover() }
    let refusal = try #require(try await person.rollback(["backend"]).refusal)
    #expect("\(refusal)".contains("deployment 3 changed nothing"))
    #expect(person.host.running == ["backend": "B", "db": "16"])
  }

  @Test func `a deployment whose end was recorded late is good all the same`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.ledger.refuseEnds()
    #expect(try await person.deploy("B").ended?.spool != nil)
    try await person.ledger.acceptEnds()
    _ = try await DeploymentLedger.open(path: person.ledger.path, access: .readWrite)
    #expect(try await person.ledger.images(of: 2).first { $0.service == "backend" }?.after?.id == "sha256:backend-B")
    #expect(try await person.steps(of: 2).last == "health")
    person.host.change { $0.publish("bad", .unhealthy) }
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "B", "db": "16"])
  }

  @Test func `starting the same image again undoes nothing`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    try await person.rollback()
    try await person.deploy("A")
    person.host.change { state in
      for index in state.containers.indices where state.containers[index].service == "backend" {
        state.containers[index].state = "exited"
      }
    }
    #expect(try await person.rollback(to: .deployment(4)).isSuccess)
    #expect(try await person.newest()?.start.undoes == nil)
  }

  @Test func `taking back a batch stops what it brought`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    try await person.deploy("B", profiles: ["scale-2"])
    #expect(try await person.takeBack(2).isSuccess)
    #expect(person.host.running == ["worker-1": "A"])
    #expect(try await person.newest()?.start.undoes == 2)
  }

  @Test func `a rollback stops what a bad deployment brought`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    #expect(try await person.deploy("bad", profiles: ["scale-2"]).ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["worker-1": "A"])
  }

  @Test func `the automatic rollback stops what the bad deployment brought`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    let result = try #require(try await person.deploy("bad", profiles: ["scale-2"], rollsBack: true).ended)
    #expect(result.recovery.map(\.outcome) == [.succeeded])
    #expect(person.host.running == ["worker-1": "A"])
    let record = try #require(try await person.newest())
    #expect(Set(record.start.services) == ["worker-1", "worker-2"])
    #expect(record.start.undoes == 2)
    #expect(record.start.tag == "A")
  }

  @Test func `the automatic rollback removes a new service even where nothing else changed`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    person.host.change { $0.behaviours["sha256:worker-2-A"] = .unhealthy }
    let result = try #require(
      try await person.deploy("A", profiles: ["scale-2"], rollsBack: true).ended)
    #expect(result.outcome == .failed)
    #expect(result.recovery.map(\.outcome) == [.succeeded])
    #expect(person.host.running == ["worker-1": "A"])
  }

  @Test func `what cannot be restored makes the rollback fail, and is named`() async throws {
    let person = try await FakeOperator(.pair())
    person.host.change { $0.run("mcp", "bad") }
    try await person.deploy("bad", ["mcp"])
    try await person.deploy("A", ["backend"])
    #expect(try await person.deploy("B").isSuccess)
    let result = try #require(try await person.rollback().ended)
    #expect(person.host.running == ["backend": "A", "mcp": "B"])
    #expect(result.outcome == .failed)
    #expect(result.reason?.contains("mcp") == true)
  }

  @Test func `a scale-down is a change: a rollback brings back what it took away, on the same version`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    try await person.deploy("B", profiles: ["scale-2"])
    try await person.deploy("B")
    #expect(person.host.running == ["worker-1": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["worker-1": "B", "worker-2": "B"])
    let record = try #require(try await person.newest())
    #expect(record.start.services == ["worker-2"])
    #expect(record.start.profiles == ["scale-2"])
    #expect(record.start.undoes == 3)
  }

  // MARK: - Deployments whose end nobody saw

  @Test func `a deployment killed after up is what a rollback leaves`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    try await person.deployAndDie("C", ["backend", "db"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.newest()?.start.undoes == 3)
    #expect(person.explanation.contains { $0.contains("3") })
  }

  @Test func `a deployment whose host was gone in the end is what a rollback leaves`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { state in
      state.cut = .after(.up)
      state.hooks[.up] = { $0.isUp = false }
    }
    #expect(try await person.deploy("C").ended?.outcome == .unknown)
    person.host.change { state in
      state.isUp = true
      state.hooks = [:]
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "B")
    #expect(try await person.newest()?.start.undoes == 3)
  }

  // MARK: - What ran before ktrdr

  @Test func `what ran before a first deployment that failed is not forgotten`() async throws {
    let person = try await FakeOperator()
    person.host.change { $0.run("backend", "P") }
    #expect(try await person.deploy("nosuch").ended?.outcome == .failed)
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running["backend"] == "P")
    #expect(try await person.newest()?.start.undoes == 2)
  }

  @Test func `what ran before a first deployment that was killed is not forgotten`() async throws {
    var stand = try await ModelStand(EmptyLedgers())
    _ = try await stand.outcome(of: .replace("backend", tag: "P"))
    _ = try await stand.outcome(of: .deploy(.init(tag: "B", services: ["backend"], fault: .killedAfterUp)))
    #expect(stand.host.running["backend"] == "B")
    let known = try await stand.ledger.images(of: 1)
    #expect(known.first?.before?.reference == "ghcr.io/u/backend:P")
    #expect(known.first?.after == nil)
    _ = try await stand.outcome(of: .replace("db", tag: "16"))
    #expect(try await stand.outcome(of: .rollback(.init()))?.isSuccess == true)
    #expect(stand.host.running["backend"] == "P")
    #expect(try await stand.ledger.deployment(2)?.start.undoes == 1)
  }

  // MARK: - What a record says

  @Test func `a deployment that did not get that far left nothing to go to`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    try await person.deploy("nosuch")
    try await person.deploy("B")
    let outcome = try await person.rollback(to: .deployment(2))
    #expect(outcome.isNothingToGoBackTo)
    #expect(person.host.running["backend"] == "B")
  }

  @Test func `the tag and the commit of a rollback are those of the image that it went to`() async throws {
    let person = try await FakeOperator()
    for (tag, letter) in [("A", "a"), ("B", "b"), ("C", "c")] {
      var plan = try person.plan(tag)
      plan.commit = try GitSHA(String(repeating: letter, count: 40))
      await person.perform(.deploy(plan))
    }
    #expect(try await person.rollback(to: .deployment(1)).isSuccess)
    var record = try #require(try await person.newest())
    #expect(record.start.tag == "A")
    #expect(record.start.gitSHA == String(repeating: "a", count: 40))
    #expect(try await person.rollback(to: .tag(try ImageTag("B"))).isSuccess)
    record = try #require(try await person.newest())
    #expect(record.start.tag == "B")
    #expect(record.start.gitSHA == String(repeating: "b", count: 40))
  }

  @Test func `a tag that no covered service takes is wrong usage`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    let outcome = try await person.rollback(["db"], to: .tag(try ImageTag("nosuchtag")))
    guard case .usage = outcome.refusal else { throw Unexpected("\(outcome)") }
    #expect(try await person.newest()?.id == 1)
  }
}
