import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Histories with deployments that did not succeed and were tried again.
extension NamedHistoryTests {
  /// `api` and `web` run A; a deployment of `tag` comes to `api` alone, and nobody sees its end.
  private func halfDone(_ tag: String = "B") async throws -> FakeOperator {
    let host = FakeHost { state in
      state.services = ["api", "web"]
      for tag in ["P", "A", "B", "C"] { state.publish(tag) }
    }
    let person = try await FakeOperator(host)
    try await person.deploy("P")
    try await person.deploy("A")
    host.change { state in
      state.comesToHalf = true
      state.cut = .after(.up)
      state.hooks[.up] = { $0.isUp = false }
    }
    #expect(try await person.deploy(tag).ended?.outcome == .unknown)
    host.change { ($0.hooks, $0.isUp, $0.comesToHalf) = ([:], true, false) }
    #expect(host.running == ["api": tag, "web": "A"])
    return person
  }

  @Test func `a deployment that was lost half-way and its retry are taken back together`() async throws {
    let person = try await halfDone()
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
    #expect(try await person.newest()?.start.undoes == 4)
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test func `a retry that fails is taken back with what it carried on`() async throws {
    let person = try await halfDone()
    person.host.change { $0.behaviours["sha256:web-B"] = .unhealthy }
    #expect(try await person.deploy("B").ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `so is a later version that was deployed to one service after a failure of both`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { $0.publish("bad", .unhealthy) }
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    #expect(try await person.deploy("C", ["api"]).isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test func `what was deployed beside a failed deployment is taken back by itself`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { $0.behaviours["sha256:api-C"] = .unhealthy }
    #expect(try await person.deploy("C", ["api"]).ended?.outcome == .failed)
    #expect(try await person.deploy("C", ["web"]).isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "C", "web": "B"])
    // What is still there of the failure comes next, and nothing else.
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test func `a retry that only had to wait made the version good`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { $0.behaviours["sha256:web-C"] = .unhealthy }
    #expect(try await person.deploy("C").ended?.outcome == .failed)
    person.host.change { state in
      state.behaviours = [:]
      for index in state.containers.indices { state.containers[index].health = nil }
    }
    #expect(try await person.deploy("C").isSuccess)
    // The reflex after a tag that does not exist takes no good version away.
    #expect(try await person.deploy("nosuch").ended?.outcome == .failed)
    let refusal = try #require(try await person.rollback().refusal)
    #expect("\(refusal)".contains("deployment 5 changed nothing; the newest change is that of deployment 4"))
    try await person.deploy("A")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "C", "web": "C"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test func `a service that a failed deployment left without a container is not new to its retry`() async throws {
    let person = try await halfDone()
    person.host.change { $0.containers.removeAll { $0.service == "api" } }
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `a rollback of a service by name leaves what failed on the others as the newest change`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { $0.behaviours["sha256:api-C"] = .unhealthy }
    #expect(try await person.deploy("C", ["api"]).ended?.outcome == .failed)
    #expect(try await person.rollback(["web"]).isSuccess)
    #expect(person.host.running == ["api": "C", "web": "A"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "A"])
  }

  // MARK: - Left down, and gone

  /// A deployment that changes no image and fails, with the database down after it.
  private func leftDown() async throws -> FakeOperator {
    let person = try await FakeOperator(
      FakeHost {
        $0.publish("A"); $0.publish("B")
      })
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { state in
      state.unstartable = ["db"]
      state.end("db")
    }
    #expect(try await person.deploy("B").ended?.outcome == .failed)
    person.host.change { $0.unstartable = [] }
    return person
  }

  @Test(arguments: [[], ["db"]])
  func `what a deployment left down that changed no image is only started again`(services: [String]) async throws {
    let person = try await leftDown()
    #expect(try await person.rollback(services).isSuccess)
    #expect(person.host.running == ["backend": "B", "db": "16"])
    #expect(person.host.change { $0.containers.allSatisfy { $0.state == "running" } })
    let record = try #require(try await person.newest())
    #expect(record.start.services == ["db"] && record.start.undoes == nil)
    #expect(person.explanation.contains("db: does not run, started again on its last good image"))
    // Only the next one goes back a version.
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
  }

  @Test func `a service beside one that was left down keeps its good version`() async throws {
    let person = try await leftDown()
    let refusal = try #require(try await person.rollback(["backend"]).refusal)
    #expect("\(refusal)".contains("deployment 3 changed nothing"))
    #expect(person.host.running == ["backend": "B", "db": "16"])
  }

  @Test func `a new service that somebody has removed already is recorded as gone`() async throws {
    let person = try await FakeOperator(.workers())
    try await person.deploy("A")
    try await person.deploy("B", profiles: ["scale-2"])
    person.host.change { $0.containers.removeAll { $0.service == "worker-2" } }
    #expect(try await verdicts(person) == ["worker-1": .inSync, "worker-2": .missing])
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.newest()?.start.services.sorted() == ["worker-1", "worker-2"])
    #expect(person.host.running == ["worker-1": "A"])
    #expect(try await verdicts(person) == ["worker-1": .inSync])
    #expect(person.explanation.contains("worker-2: already gone, and recorded as gone"))
  }

  @Test(arguments: [[], ["web"]])
  func `a rollback that could not bring back what a hand had removed is ended, and takes nothing else away`(
    services: [String]
  ) async throws {
    let person = try await person(["api", "web"])
    person.host.change { state in
      state.containers.removeAll { $0.service == "web" }
      state.unstartable = ["web"]
    }
    #expect(try await person.rollback(["web"], to: .deployment(2)).ended?.outcome == .failed)
    person.host.change { $0.unstartable = [] }
    #expect(try await person.rollback(services).isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.newest()?.start.services == ["web"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test func `after a rollback in vain and a deployment beside it, status goes on back`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { $0.behaviours["sha256:api-A"] = .unhealthy }
    #expect(try await person.rollback(["api"]).ended?.outcome == .failed)
    #expect(try await person.deploy("C", ["web"]).isSuccess)
    let seen = try #require(try await status(person))
    #expect(!seen.isHalfRolledBack && seen.halfRolledBack == ["api"])
    person.host.change { state in
      state.behaviours = [:]
      for index in state.containers.indices { state.containers[index].health = nil }
    }
    #expect(try await person.rollback(["api"]).isSuccess)
    #expect(person.host.running == ["api": "A", "web": "C"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test func `a rollback that changes nothing and fails again says so to status`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { $0.behaviours["sha256:api-A"] = .unhealthy }
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(try await status(person)?.isRollbackStuck == false)
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(try await status(person)?.isRollbackStuck == true)
    // What is recorded is where it went, not what it leaves.
    #expect(try await person.newest()?.start.tag == "A")
  }
}
