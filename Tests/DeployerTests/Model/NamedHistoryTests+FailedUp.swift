import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Histories in which Compose does not come to the end of `up`.
extension NamedHistoryTests {
  /// `backend` and `mcp` at B, after A; then somebody renames `backend`, and its container keeps the name.
  private func renamed() async throws -> FakeOperator {
    let host = FakeHost { state in
      state.services = ["backend", "mcp", "server"]
      for tag in ["A", "B", "C"] { state.publish(tag) }
      state.services = ["backend", "mcp"]
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    try await person.deploy("B")
    host.change { state in
      state.services = ["mcp", "server"]
      state.uncreatable = ["server"]
    }
    #expect(try await person.deploy("C").ended?.outcome == .failed)
    return person
  }

  @Test func `where a renamed service cannot be created, a rollback takes no good version away`() async throws {
    let person = try await renamed()
    #expect(person.host.change { $0.containers.map(\.name) } == ["backend", "mcp", "0123456789ab_mcp"])
    #expect(try await verdicts(person) == ["backend": .orphaned, "mcp": .inSync])
    for services in [[], ["mcp"]] {
      let refusal = try #require(try await person.rollback(services).refusal)
      #expect("\(refusal)".contains("deployment 3 changed nothing"))
    }
    #expect(try await person.ledger.images(of: 3).allSatisfy { !$0.isChange })
  }

  @Test func `what an up created in vain is cleared away by the next one`() async throws {
    let person = try await renamed()
    let container = person.host.change { $0.containers.first { $0.name == "mcp" }?.id }
    person.host.change { state in
      state.services = ["backend", "mcp"]
      state.uncreatable = []
    }
    // On the version that runs, there is nothing else to do.
    #expect(try await person.deploy("B").isSuccess)
    #expect(person.host.change { $0.containers.filter { $0.service == "mcp" }.map(\.id) } == [container])
    let said = "an 'up' that ended early left 0123456789ab_mcp, which has never run: it is removed first"
    #expect(person.progress.contains(.warning(said)))
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
  }

  /// When somebody removes the container of a service that has another name now.
  enum Removal: CaseIterable { case before, afterwards, longBefore }

  @Test(arguments: Removal.allCases)
  func `what took the place of a renamed service is not taken away, where that cannot come back`(
    removal: Removal
  ) async throws {
    let host = FakeHost { state in
      state.services = ["app", "db", "side"]
      state.publish("A")
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    if removal != .afterwards { host.change { $0.containers.removeAll { $0.service == "app" } } }
    if removal == .longBefore {
      host.change { $0.services = ["db", "side"] }
      #expect(try await person.deploy("A").isSuccess)
    }
    host.change { state in
      state.repositories = ["web": "app", "worker": "app"]
      state.services = ["db", "side", "web", "worker"]
      state.fixedTags = ["db": "17"]
      state.publish("B")
    }
    #expect(try await person.deploy("B").isSuccess)
    if removal == .afterwards { host.change { $0.containers.removeAll { $0.service == "app" } } }
    let ended = try #require(try await person.rollback().ended)
    guard removal != .longBefore else {
      // An earlier deployment had left it behind, so what is new has not taken its place.
      #expect(ended.outcome == .succeeded, "\(ended)")
      return #expect(host.running == ["db": "16", "side": "A"])
    }
    #expect(ended.outcome == .failed)
    let web = "web stays as it is: it took the place of app, which the compose file no longer has"
    #expect(ended.reason?.contains(web) == true, "\(ended)")
    #expect(host.running == ["db": "16", "side": "A", "web": "B", "worker": "B"])
  }

  /// `app` at A, deployed by itself; then somebody removes it and calls it `web`.
  private func renamedAlone(beside others: [String] = []) async throws -> FakeOperator {
    let host = FakeHost { state in
      state.services = ["app"] + others
      state.publish("A")
      state.repositories = ["web": "app"]
      state.services[0] = "web"
      state.publish("B")
      state.services[0] = "app"
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A", ["app"])
    host.change { state in
      state.containers.removeAll { $0.service == "app" }
      state.services[0] = "web"
    }
    return person
  }

  @Test func `a deployment of others alone has not left a renamed service behind`() async throws {
    let person = try await renamedAlone(beside: ["side"])
    #expect(try await person.deploy("A", ["side"]).isSuccess)
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(person.host.running == ["side": "A", "web": "B"])
  }

  @Test func `a rollback that fails for a renamed service alone is ended by the next one`() async throws {
    let person = try await renamedAlone(beside: ["side"])
    #expect(try await person.deploy("A", ["side"]).isSuccess)
    #expect(try await person.deploy("B").isSuccess)
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.explanation.contains { $0.contains("web stays as it is: it took the place of app") })
    #expect(person.host.running == ["side": "A", "web": "B"])
    #expect(try await verdicts(person) == ["side": .inSync, "web": .inSync])
  }

  @Test func `a renamed service comes back once the compose file has its old name, though nothing else runs`()
    async throws
  {
    let person = try await renamedAlone()
    #expect(try await person.deploy("B").isSuccess)
    person.host.change { $0.services = ["app"] }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["app": "A"])
  }

  @Test func `an automatic rollback does not remove what took the place of a renamed service`() async throws {
    let person = try await renamedAlone(beside: ["side"])
    #expect(try await person.deploy("A", ["side"]).isSuccess)
    person.host.change { $0.behaviours["sha256:side-B"] = .unhealthy }
    let ended = try #require(try await person.deploy("B", rollsBack: true).ended)
    #expect(ended.recovery.first?.outcome == .failed, "\(ended)")
    #expect(person.host.running == ["side": "A", "web": "B"])
  }

  @Test func `an automatic rollback does not start what has never run`() async throws {
    let person = try await deployed(["A", "B"])
    try await halfWay(person) { try await person.deploy("C") }
    person.host.change { $0.end("api") }
    #expect(try await person.deploy("bad", ["api"], rollsBack: true).ended?.outcome == .failed)
    let said = "not rolled back automatically: deployment 3, which left api down, did not succeed either"
    #expect(person.progress.contains(.warning(said)), "\(person.progress)")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(isUp(person))
  }

  @Test func `an automatic rollback brings nothing back on an image of another repository`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    person.host.change { state in
      state.containers.removeAll { $0.service == "backend" }
      state.repositories = ["backend": "server"]
      state.publish("B", .unhealthy)
    }
    let ended = try #require(try await person.deploy("B", rollsBack: true).ended)
    #expect(ended.outcome == .failed && ended.recovery == [])
    let said = "backend stays as it is: what ran before is of another repository, ghcr.io/u/backend"
    #expect(person.progress.contains(.warning(said)), "\(person.progress)")
  }
}
