import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// Histories in which a rollback by number or tag did not succeed, and was not going back.
extension NamedHistoryTests {
  private func spoil(_ service: String, _ tag: String, on person: FakeOperator) {
    person.host.change { $0.behaviours["sha256:\(service)-\(tag)"] = .unhealthy }
  }

  @Test(arguments: [[], ["web"]])
  func `after a rollback to a version that never was good, the next one goes back to what it left`(
    services: [String]
  ) async throws {
    let person = try await deployed(["A", "B"])
    let api = person.host.change { $0.containers.first { $0.service == "api" }?.id }
    #expect(try await person.rollback(services, to: .tag(ImageTag("bad"))).ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    // Whom the first one did not touch, the second one does not touch either.
    let isSame = person.host.change { $0.containers.first { $0.service == "api" }?.id } == api
    #expect(isSame == !services.isEmpty)
  }

  @Test func `who goes back by number does not come to what was left with that`() async throws {
    let person = try await deployed(["A", "B"])
    #expect(try await person.rollback().isSuccess)
    try await person.deploy("C")
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `after a failure, too, a rollback to a bad version takes no good one away`() async throws {
    let person = try await deployed(["A", "B"])
    #expect(try await person.deploy("bad").ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(try await person.rollback(to: .tag(ImageTag("bad"))).ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
  }

  @Test(arguments: [false, true])
  func `a version that a rollback had left is not gone back from by two steps`(isHalf: Bool) async throws {
    let person = try await deployed(["A", "B", "C"])
    #expect(try await person.rollback().isSuccess)
    if isHalf {
      try await halfWay(person) { try await person.rollback(to: .deployment(3)) }
    } else {
      spoil("web", "C", on: person)
      #expect(try await person.rollback(to: .deployment(3)).ended?.outcome == .failed)
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(isUp(person))
  }

  @Test(arguments: [false, true])
  func `a failed rollback to a bad version is taken back alone, after one of another service`(isDeployed: Bool)
    async throws
  {
    let person = try await deployed(["A", "B"])
    let bad = RollbackRequest.Destination.tag(try ImageTag("bad"))
    #expect(try await person.rollback(["web"], to: bad).ended?.outcome == .failed)
    let next = isDeployed ? try await person.deploy("bad", ["api"]) : try await person.rollback(["api"], to: bad)
    #expect(next.ended?.outcome == .failed)
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "bad"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.newest()?.start.undoes == 3)
  }

  @Test func `one that failed twice is left once, and the next rollback goes a version back`() async throws {
    let person = try await deployed(["A", "B"])
    for _ in 1...2 {
      #expect(try await person.rollback(to: .tag(ImageTag("bad"))).ended?.outcome == .failed)
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "web": "A"])
  }

  @Test func `one that was lost before it moved anything only has started again what it stopped`() async throws {
    let person = try await deployed(["A", "B"])
    person.host.change { state in
      state.cut = .before(.up)
      state.hooks[.up] = { $0.isUp = false }
    }
    #expect(try await person.rollback(to: .tag(ImageTag("bad"))).ended?.outcome == .unknown)
    person.host.change { state in
      (state.hooks, state.isUp, state.cut) = ([:], true, nil)
      state.end("web")
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "B", "web": "B"])
    #expect(isUp(person))
  }

  @Test func `a service that was to go back further than the others is ended by itself`() async throws {
    let person = try await deployed(["A", "B", "C"])
    spoil("web", "A", on: person)
    #expect(try await person.rollback(["web"], to: .deployment(1)).ended?.outcome == .failed)
    person.host.change { state in
      state.behaviours["sha256:web-A"] = .good
      for index in state.containers.indices { state.containers[index].health = nil }
    }
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "C", "web": "A"])
  }
}
