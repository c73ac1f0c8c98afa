import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Histories in which a service does not run that ran before.
extension NamedHistoryTests {
  private func stop(_ service: String, on host: FakeHost) {
    host.change { $0.end(service) }
  }

  @Test
  func `a rollback starts what a deployment that failed has stopped, and not what a hand stopped after a good one`()
    async throws
  {
    let person = try await FakeOperator(FakeHost { $0.publishAll(["A", "B"], bad: "bad") })
    try await person.deploy("A")
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    stop("db", on: person.host)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
    #expect(person.host.change { $0.containers.allSatisfy { $0.state == "running" } })
    #expect(person.explanation.contains("db: does not run, started again on the image that it had before deployment 2"))
    try await person.deploy("B")
    stop("db", on: person.host)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.change { $0.containers.filter { $0.state != "running" }.map(\.service) } == ["db"])
    #expect(person.explanation.contains("db: does not run, and is not covered: ktrdr status core"))
  }

  @Test func `a rollback starts one of two containers that a failure has left down`() async throws {
    let host = FakeHost {
      $0.publishAll(["A"], bad: "bad")
      $0.replicas = ["db": 2]
    }
    let person = try await FakeOperator(host)
    try await person.deploy("A")
    host.change { state in
      state.ended[.up] = { host in
        guard host.isUnhealthy("backend"), let last = host.containers.lastIndex(where: { $0.service == "db" }) else {
          return
        }
        host.containers[last].state = "created"
      }
    }
    #expect(try await person.deploy("bad").ended?.notRunning == ["db (1 of 2)"])
    #expect(try await person.rollback().isSuccess)
    #expect(host.change { $0.containers.filter { $0.service == "db" }.map(\.state) } == ["running", "running"])
    #expect(
      person.explanation.contains { $0.hasPrefix("db: has 1 of 2 containers running, started again on the image") })
  }

  @Test func `a job that has done its work on the image does not run again`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publishAll(["A", "B"], bad: "bad") })
    for tag in ["A", "B"] { try await person.deploy(tag) }
    person.host.change { state in
      for index in state.containers.indices where state.containers[index].service == "db" {
        (state.containers[index].state, state.containers[index].restartPolicy) = ("exited", "no")
      }
    }
    let before = person.host.change(\.containers)
    guard case .failure(.nothingToRollBackTo(let lines, _)) = try await person.rollback(to: .deployment(2)) else {
      throw Unexpected("it went somewhere")
    }
    #expect(
      lines.contains { $0.hasPrefix("db: has run 16 sha256:") && $0.hasSuffix("already, left alone") }, "\(lines)")
    #expect(person.host.change(\.containers) == before)
  }

  @Test func `a rollback brings back what a hand removed after a failure`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publishAll(["A"], bad: "bad") })
    try await person.deploy("A")
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    person.host.change { $0.containers.removeAll { $0.service == "db" } }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16"])
  }

  @Test func `an automatic rollback starts what the failure has stopped`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publishAll(["A"], bad: "bad") })
    try await person.deploy("A")
    person.host.change { state in state.ended[.up] = { if $0.isUnhealthy("backend") { $0.end("db") } } }
    #expect(try await person.deploy("bad", rollsBack: true).ended?.outcome == .failed)
    let back = try #require(try await person.newest())
    #expect(back.start.kind == .rollback && back.outcome == .succeeded, "\(back)")
    #expect(back.start.services == ["backend", "db"])
    #expect(person.host.running == ["backend": "A", "db": "16"])
    #expect(person.host.change { $0.containers.allSatisfy { $0.state == "running" } })
  }

  @Test(arguments: [["A", "db"], ["db"]])
  func `an automatic rollback has not succeeded while a service that it leaves alone keeps crashing`(
    before: [String]
  ) async throws {
    let person = try await FakeOperator(FakeHost { $0.publishAll(["A"], bad: "bad") })
    // Without an A there is a backend only to be removed again.
    if before.first == "A" { try await person.deploy("A") } else { try await person.deploy("A", before) }
    person.host.change { state in state.hooks[.up] = { $0.behaviours["sha256:db-16"] = .crashing } }
    #expect(try await person.deploy("bad", rollsBack: true).ended?.outcome == .failed)
    let back = try #require(try await person.newest())
    #expect(back.start.kind == .rollback && back.outcome == .failed, "\(back)")
    #expect(back.reason?.contains("db keeps crashing") == true, "\(back)")
    #expect(person.host.running["backend"] == (before.first == "A" ? "A" : nil))
  }

  @Test func `a service that a hand has changed goes back with the others, and to no mix of versions`() async throws {
    let person = try await FakeOperator(.pair())
    for tag in ["C", "A", "B"] { try await person.deploy(tag) }
    person.host.change { state in
      state.load("ghcr.io/u/backend:C", "sha256:backend-C")
      _ = state.replace("backend", "ghcr.io/u/backend:C", "sha256:backend-C")
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
    #expect(person.explanation.contains { $0.contains("whose container was replaced since") })
  }

  @Test func `a second rollback takes no service away where the first one also changed an image`() async throws {
    let person = try await FakeOperator(FakeHost { $0.profiles = ["extra": ["side"]] })
    person.host.change { for tag in ["A", "B"] { $0.publish(tag) } }
    try await person.deploy("A", profiles: ["extra"])
    try await person.deploy("B")
    #expect(person.host.running == ["backend": "B", "db": "16"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "db": "16", "side": "A"])
    guard case .nothingToRollBackTo? = try await person.rollback().refusal else {
      Issue.record("there was something to go back to")
      return
    }
    #expect(person.host.running == ["backend": "A", "db": "16", "side": "A"])
  }

  @Test func `a rollback that failed half-way is ended by the next one, and not taken back`() async throws {
    let person = try await FakeOperator(.pair())
    for tag in ["C", "A"] { try await person.deploy(tag) }
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    // It gets as far as the backend.
    person.host.change { state in
      state.ended[.up] = { state in
        for index in state.containers.indices where state.containers[index].service == "mcp" {
          state.containers[index].reference = "ghcr.io/u/mcp:bad"
          state.containers[index].imageID = "sha256:mcp-bad"
        }
      }
    }
    #expect(try await person.rollback().ended?.outcome == .failed)
    person.host.change { $0.ended = [:] }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
    #expect(try await person.newest()?.start.undoes == 3)
    #expect(try await person.newest()?.start.services == ["mcp"])
  }

  @Test func `an automatic rollback does not remove a service that a hand had removed before`() async throws {
    let person = try await FakeOperator(.pair())
    try await person.deploy("A")
    person.host.change { $0.containers.removeAll { $0.service == "mcp" } }
    #expect(try await person.deploy("bad", rollsBack: true).ended?.outcome == .failed)
    let back = try #require(try await person.newest())
    #expect(back.start.kind == .rollback && back.outcome == .succeeded, "\(back)")
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
  }

  @Test func `nor one that it brought back on its own image`() async throws {
    let person = try await FakeOperator(FakeHost { $0.publishAll(["A"], bad: "bad") })
    try await person.deploy("A")
    person.host.change { $0.containers.removeAll { $0.service == "db" } }
    #expect(try await person.deploy("bad", rollsBack: true).ended?.outcome == .failed)
    #expect(try await person.newest()?.start.services == ["backend"])
    #expect(person.host.running == ["backend": "A", "db": "16"])
  }

  @Test func `a service whose container was removed goes back with the others, and to no mix of versions`() async throws
  {
    let person = try await FakeOperator(.pair())
    try await person.deploy("A")
    try await person.deploy("B")
    person.host.change { $0.containers.removeAll { $0.service == "mcp" } }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["backend": "A", "mcp": "A"])
    #expect(
      person.explanation.contains("  not deployment 2 (B): its image is the current one, whose container was removed"))
  }

  @Test func `what was passed over for the same long reason is told once`() throws {
    func way(_ service: String, _ reason: String) throws -> RollbackWay {
      RollbackWay(
        service: try ServiceName(service), action: .isRemoved,
        explanation: ["\(service): back", "  not deployment 2: \(reason)"])
    }
    let long = String(repeating: "why ", count: 30)
    #expect(
      RollbackExplanation.lines(of: [
        try way("a", long), try way("b", long), try way("c", "short"), try way("d", "short"),
      ])
        == [
          "a: back", "  not deployment 2: \(long)", "b: back", "  the same deployments were passed over as for a",
          "c: back", "  not deployment 2: short", "d: back", "  not deployment 2: short",
        ])
  }

  @Test func `'all' is only offered where it would find something`() async throws {
    let person = try await FakeOperator()
    try await person.deploy("A")
    guard case .nothingToRollBackTo(_, let next)? = try await person.rollback().refusal else {
      Issue.record("there was something to go back to")
      return
    }
    #expect(next == "choose an image: ktrdr rollback core --to TAG|DEPLOYMENT")
  }
}

extension FakeHost.State {
  fileprivate mutating func publishAll(_ tags: [String], bad: String) {
    for tag in tags { publish(tag) }
    publish(bad, .unhealthy)
  }

  /// Its container is there and does not run.
  mutating func end(_ service: String) {
    for index in containers.indices where containers[index].service == service {
      containers[index].state = "exited"
      containers[index].health = nil
    }
  }

  fileprivate func isUnhealthy(_ service: String) -> Bool {
    containers.contains { container in
      guard container.service == service, case .unhealthy = behaviours[container.imageID] ?? .good else { return false }
      return true
    }
  }
}
