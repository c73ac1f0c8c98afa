import Ledger
import Testing

@testable import Deployer
@testable import DeploymentModel
@testable import Fakes

/// Histories in which a deployment or a rollback that did not succeed has left services down.
extension NamedHistoryTests {
  /// `web` was removed by hand, and its port is taken when it is to come back.
  private func portTaken(_ tag: String) async throws -> FakeOperator {
    let person = try await deployed(["A", "B"])
    person.host.change { state in
      state.containers.removeAll { $0.service == "web" }
      state.unstartable = ["web"]
    }
    #expect(try await person.deploy(tag).ended?.outcome == .failed)
    return person
  }

  @Test(arguments: [.changed, .all, .named(["web"]), .named(["web", "api"])] as [Operation.Coverage])
  func `what a failure left down is started again by any words, and nothing else goes back`(
    coverage: Operation.Coverage
  ) async throws {
    let person = try await portTaken("B")
    person.host.change { $0.unstartable = [] }
    var request = try person.request()
    switch coverage {
    case .changed: break
    case .all: request.coverage = .all
    case .named(let services): request.coverage = .named(try services.map { try ServiceName($0) })
    }
    #expect(await person.perform(.rollback(request)).isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(isUp(person))
  }

  @Test(arguments: [["api", "web"], ["web", "api"]])
  func `what runs well stays beside what is started again, whoever deployed it`(services: [String]) async throws {
    let person = try await deployed(["A", "B"])
    person.host.change { state in
      state.end("web")
      state.unstartable = ["web"]
    }
    #expect(try await person.deploy("B", ["web"]).ended?.outcome == .failed)
    person.host.change { $0.unstartable = [] }
    #expect(try await person.rollback(services).isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(isUp(person))
  }

  @Test func `'all' ends a rollback that did not succeed, and goes no further`() async throws {
    let person = try await deployed(["A", "B"])
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    person.host.change { $0.behaviours["sha256:web-B"] = .unhealthy }
    #expect(try await person.rollback().ended?.outcome == .failed)
    person.host.change { state in
      state.behaviours["sha256:web-B"] = .good
      state.end("web")
    }
    var request = try person.request()
    request.coverage = .all
    #expect(await person.perform(.rollback(request)).isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test func `status names the plain rollback after one failure or more`() async throws {
    let person = try await deployed(["A"])
    person.host.change { state in
      state.services.append("new")
      state.publish("bad", .unhealthy)
    }
    for _ in 1...2 {
      #expect(try await person.deploy("bad").ended?.outcome == .failed)
      #expect(try await status(person)?.nextSteps().map(\.line) == ["ktrdr rollback core"])
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
    #expect(try await verdicts(person) == ["api": .inSync, "web": .inSync])
  }

  @Test func `what a failed rollback could not start is started by the next one`() async throws {
    let person = try await portTaken("C")
    #expect(try await person.rollback().ended?.outcome == .failed)
    person.host.change { $0.unstartable = [] }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(isUp(person))
  }

  @Test func `what a failure stopped is started, though the compose file has lost what it changed`() async throws {
    let person = try await deployed(["A", "B"])
    try await halfWay(person) { try await person.deploy("C") }
    person.host.change { $0.services = ["web"] }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "C", "web": "B"])
    #expect(isUp(person))
  }

  @Test func `the last service that the compose file has is not removed`() async throws {
    let person = try await deployed(["A", "B"])
    person.host.change { $0.services = ["web"] }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "A"])
    #expect(try await person.rollback().refusal != nil)
    #expect(person.host.running == ["api": "B", "web": "A"])
  }
}
