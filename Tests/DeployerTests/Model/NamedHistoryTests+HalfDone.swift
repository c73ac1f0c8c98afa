import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Histories in which something ended half-way, and what somebody does then.
extension NamedHistoryTests {
  /// `api` and `web` have run the versions; nothing depends on the other.
  func deployed(_ tags: [String]) async throws -> FakeOperator {
    let host = FakeHost { state in
      state.services = ["api", "web"]
      for tag in ["A", "B", "C", "D"] { state.publish(tag) }
      state.publish("bad", .unhealthy)
    }
    let person = try await FakeOperator(host)
    for tag in tags { try await person.deploy(tag) }
    return person
  }

  /// Compose comes to `api`; `web` has been stopped by then, and nobody sees the end.
  func halfWay(_ person: FakeOperator, _ perform: () async throws -> Fleet.Outcome) async throws {
    person.host.change { state in
      state.comesToHalf = true
      state.cut = .after(.up)
      state.hooks[.up] = { $0.isUp = false }
    }
    #expect(try await perform().ended?.outcome == .unknown)
    person.host.change { state in
      (state.hooks, state.isUp, state.comesToHalf) = ([:], true, false)
      state.end("web")
    }
  }

  func isUp(_ person: FakeOperator) -> Bool {
    person.host.change { $0.containers.allSatisfy { $0.state == "running" } }
  }

  @Test(arguments: [[], ["api", "web"]])
  func `a rollback that is repeated by name starts no version that it was to leave`(services: [String]) async throws {
    let person = try await deployed(["A", "B", "C"])
    try await halfWay(person) { try await person.rollback(services) }
    #expect(person.host.running == ["api": "B", "web": "C"])
    #expect(try await status(person)?.halfRolledBack == ["api", "web"])
    #expect(try await person.rollback(["api", "web"]).isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"] && isUp(person))
  }

  @Test(arguments: [[], ["api", "web"]])
  func `a rollback to an older version is ended there, not at the last good one`(services: [String]) async throws {
    let person = try await deployed(["A", "B", "C"])
    try await halfWay(person) { try await person.rollback(services, to: .deployment(1)) }
    #expect(person.host.running == ["api": "A", "web": "C"])
    #expect(try await person.rollback(services).isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"] && isUp(person))
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test func `so it is if a deployment in between failed and was rolled back by itself`() async throws {
    let person = try await deployed(["A", "B", "C"])
    try await halfWay(person) { try await person.rollback(to: .deployment(1)) }
    #expect(try await person.deploy("bad", rollsBack: true).ended?.outcome == .failed)
    #expect(person.host.running == ["api": "A", "web": "C"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"] && isUp(person))
  }

  @Test func `what a hand removed of a failed version is of that version`() async throws {
    let person = try await deployed(["A", "B", "bad"])
    #expect(try await person.rollback(["api"]).isSuccess)
    person.host.change { $0.containers.removeAll { $0.service == "web" } }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test(arguments: [["api"], ["web"]])
  func `a later deployment of one service is taken back with all that the lost one began`(
    services: [String]
  ) async throws {
    let person = try await deployed(["A", "B"])
    try await halfWay(person) { try await person.deploy("C") }
    #expect(try await person.deploy(services == ["api"] ? "C" : "D", services).isSuccess)
    // The reflex after a tag that does not exist is no reason to leave what failed.
    #expect(try await person.deploy("nosuch").ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"] && isUp(person))
  }

  @Test func `two deployments that were lost half-way go back with the retry that succeeded`() async throws {
    let person = try await deployed(["A", "B"])
    for tag in ["C", "D"] { try await halfWay(person) { try await person.deploy(tag) } }
    #expect(try await person.deploy("D").isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"] && isUp(person))
  }

  @Test func `a service that is no longer in the files does not keep the others from going further back`() async throws
  {
    let person = try await deployed([])
    person.host.change { $0.services = ["api", "extra", "web"] }
    person.host.change { state in for tag in ["A", "B", "C"] { state.publish(tag) } }
    for tag in ["A", "B", "C"] { try await person.deploy(tag) }
    person.host.change { $0.services = ["api", "web"] }
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "extra": "C", "web": "A"])
  }

  @Test func `after a rollback that only removed what was new, the next one takes back the change before`() async throws
  {
    let person = try await deployed(["A", "B"])
    person.host.change { state in
      state.services = ["api", "extra", "web"]
      state.publish("C")
    }
    #expect(try await person.deploy("C", ["extra"]).isSuccess)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `a service that a scale-down took away does not come back with the removal of another one`() async throws {
    let host = FakeHost { state in
      state.services = ["web"]
      state.profiles = ["scale-2": ["worker-2"], "scale-3": ["worker-3"]]
      state.repositories = ["worker-2": "worker", "worker-3": "worker"]
      for tag in ["A", "B"] { state.publish(tag) }
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A", profiles: ["scale-2"])
    try await person.deploy("A")
    #expect(host.running == ["web": "A"])
    try await person.deploy("B", profiles: ["scale-3"])
    #expect(try await person.rollback().isSuccess)
    #expect(host.running == ["web": "A"])
  }

  @Test func `a rollback to an older version covers once what it also finds stopped`() async throws {
    let person = try await deployed(["A", "B"])
    try await person.deploy("C", ["api"])
    try await halfWay(person) { try await person.rollback(to: .deployment(1)) }
    #expect(person.host.running == ["api": "A", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"] && isUp(person))
    #expect(try await person.newest()?.start.services.sorted() == ["api", "web"])
  }

  @Test func `a service whose old name is in the files again comes back under it`() async throws {
    let host = FakeHost { state in
      state.services = ["api", "web"]
      state.publish("A")
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      state.containers.removeAll { $0.service == "api" }
      state.repositories = ["server": "api"]
      state.services = ["server", "web"]
      state.publish("B")
    }
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(host.running == ["server": "B", "web": "A"])
    host.change { $0.services = ["api", "web"] }
    #expect(try await person.rollback().isSuccess)
    #expect(host.running == ["api": "A", "web": "A"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test
  func `where only the files' repository keeps a rollback from its end, it says so and status names the deployment`()
    async throws
  {
    let person = try await deployed(["A", "B"])
    person.host.change { state in
      state.repositories = ["api": "other"]
      state.publish("bad", .unhealthy)
    }
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(person.host.running["web"] == "B")
    let refusal = try #require(try await person.rollback().refusal)
    let why = "api stays as it is: what ran before is of another repository, ghcr.io/u/api"
    #expect("\(refusal)".contains(why), "\(refusal)")
    let seen = try #require(try await status(person)?.services.first { $0.service == "api" })
    #expect(seen.isOfOtherRepository)
  }
}
