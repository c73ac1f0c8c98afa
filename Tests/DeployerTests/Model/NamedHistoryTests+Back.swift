import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Histories in which what a rollback goes to runs already.
extension NamedHistoryTests {
  /// What keeps a rollback from succeeding, though it does what it was to do.
  enum InVain: CaseIterable { case lost, ill }

  /// Both run A, and are well by now.
  private func rolledBack(_ inVain: InVain) async throws -> FakeOperator {
    let person = try await person(["api", "web"])
    person.host.change { state in
      switch inVain {
      case .lost:
        state.cut = .after(.up)
        state.hooks[.up] = { $0.isUp = false }
      case .ill: state.behaviours["sha256:web-A"] = .unhealthy
      }
    }
    let outcome: Outcome = inVain == .lost ? .unknown : .failed
    #expect(try await person.rollback().ended?.outcome == outcome)
    person.host.change { state in
      (state.hooks, state.isUp, state.behaviours) = ([:], true, [:])
      for index in state.containers.indices { state.containers[index].health = nil }
    }
    #expect(person.host.running == ["api": "A", "web": "A"])
    return person
  }

  @Test(arguments: InVain.allCases)
  func `a rollback that did not succeed is ended by the next one, which restarts nothing`(inVain: InVain) async throws {
    let person = try await rolledBack(inVain)
    let containers = person.host.change { $0.containers.map(\.id) }
    #expect(try await verdicts(person) == ["api": .drifted, "web": .drifted])
    #expect(try await status(person)?.isHalfRolledBack == true)
    #expect(try await person.rollback().isSuccess)
    let end = try #require(try await person.newest())
    #expect(end.start.kind == .rollback && end.start.services == ["api", "web"] && end.start.tag == "A")
    #expect(end.start.undoes == nil)
    #expect(person.host.change { $0.containers.map(\.id) } == containers)
    #expect(try await !person.steps(of: 4).contains("up"))
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
    #expect(try await status(person)?.isHalfRolledBack == false)
    // Below A there is nothing, and B has been left.
    #expect(try await person.rollback().refusal != nil)
  }

  @Test(arguments: InVain.allCases)
  func `what a rollback left that did not succeed is not gone back to`(inVain: InVain) async throws {
    let person = try await rolledBack(inVain)
    try await person.deploy("C")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
    #expect(person.explanation.contains { $0.contains("not deployment 2 (B): undone by rollback 3") })
  }

  @Test(arguments: InVain.allCases)
  func `ending a rollback covers what is there already, so that no later one makes a mix`(inVain: InVain) async throws {
    let person = try await rolledBack(inVain)
    person.host.change { $0.end("web") }
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.newest()?.start.services.sorted() == ["api", "web"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
    try await person.deploy("C")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test(arguments: [[], ["api", "web"]])
  func `after somebody has gone back by hand, a rollback does not go forward`(services: [String]) async throws {
    let person = try await person(["api", "web"])
    person.host.change { state in
      for service in ["api", "web"] { _ = state.replace(service, "ghcr.io/u/\(service):A", "sha256:\(service)-A") }
    }
    #expect(try await person.rollback(services).isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
    #expect(
      person.explanation.contains { $0.hasPrefix("api: runs A ") && $0.hasSuffix("and recorded once it is healthy") })
  }

  @Test func `what is there already and not healthy is no success`() async throws {
    let person = try await rolledBack(.lost)
    person.host.change { $0.behaviours["sha256:api-A"] = .unhealthy }
    let ended = try #require(try await person.rollback().ended)
    #expect(ended.outcome == .failed)
    #expect(ended.reason?.contains("api is unhealthy") == true, "\(ended)")
    #expect(try await verdicts(person)["web"] == .drifted)
  }

  @Test func `an older version that was deployed in vain is left for the one before it`() async throws {
    let person = try await person(["api", "web"])
    person.host.change { state in
      for service in ["api", "web"] { state.behaviours["sha256:\(service)-A"] = .unhealthy }
    }
    #expect(try await person.deploy("A").ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test func `what was taken away and came back ill goes no version further with the next rollback`() async throws {
    let person = try await FakeOperator(FakeHost { $0.profiles = ["extra": ["side"]] })
    person.host.change { state in for tag in ["A", "B", "C"] { state.publish(tag) } }
    try await person.deploy("A", profiles: ["extra"])
    try await person.deploy("B", profiles: ["extra"])
    try await person.deploy("C")
    person.host.change { $0.broken = ["side"] }
    for _ in 1...2 {
      #expect(try await person.rollback().ended?.outcome == .failed)
      #expect(person.host.running == ["backend": "B", "db": "16", "side": "B"])
    }
  }

  @Test func `an automatic rollback does not wait for a service that never got a container`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A", ["backend"])
    person.host.change { state in
      state.services = ["backend", "db", "new"]
      state.publish("B")
      state.uncreatable = ["new"]
      state.containers.removeAll { $0.service == "db" }
    }
    #expect(try await person.deploy("B", rollsBack: true).ended?.outcome == .failed)
    let back = try #require(try await person.newest())
    #expect(back.start.kind == .rollback && back.outcome == .succeeded, "\(back)")
    #expect(person.host.running["backend"] == "A")
  }

  /// Two services, three good versions.
  private func three() async throws -> FakeOperator {
    let person = try await person(["api", "web"])
    try await person.deploy("C")
    return person
  }

  private func loseConnection(_ person: FakeOperator) {
    person.host.change { state in
      state.cut = .after(.up)
      state.hooks[.up] = { $0.isUp = false }
    }
  }

  private func reconnect(_ person: FakeOperator) {
    person.host.change { state in (state.hooks, state.isUp) = ([:], true) }
  }

  @Test func `once a rollback has been ended by the next one, another goes further back`() async throws {
    let person = try await three()
    loseConnection(person)
    #expect(try await person.rollback().ended?.outcome == .unknown)
    reconnect(person)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `a rollback to a version that was chosen is ended there, and does not go forward`() async throws {
    let person = try await three()
    loseConnection(person)
    #expect(try await person.rollback(to: .deployment(1)).ended?.outcome == .unknown)
    reconnect(person)
    #expect(person.host.running == ["api": "A", "web": "A"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test func `a second rollback takes back what the version was deployed with, and makes no mix`() async throws {
    let person = try await three()
    person.host.change { _ = $0.replace("web", "ghcr.io/u/web:B", "sha256:web-B") }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `a second rollback leaves alone what the version did not change`() async throws {
    let person = try await person(["api", "web"])
    try await person.deploy("C", ["api"])
    try await person.deploy("A")
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "C", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test func `a second rollback that does not succeed is still ended by another one`() async throws {
    let person = try await three()
    loseConnection(person)
    #expect(try await person.rollback().ended?.outcome == .unknown)
    reconnect(person)
    person.host.change { $0.behaviours["sha256:api-B"] = .unhealthy }
    #expect(try await person.rollback().ended?.outcome == .failed)
    #expect(try await status(person)?.isHalfRolledBack == true)
    person.host.change { state in
      state.behaviours = [:]
      for index in state.containers.indices { state.containers[index].health = nil }
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await status(person)?.isHalfRolledBack == false)
  }
}
