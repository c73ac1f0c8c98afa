import Ledger
import Testing

@testable import Deployer
@testable import DeploymentModel
@testable import Fakes

/// Histories of stacks that have the tag elsewhere than in images.
extension NamedHistoryTests {
  private func person(tagged services: String..., deployed tags: String...) async throws -> FakeOperator {
    let host = FakeHost { state in
      state.services = ["api", "db", "web"]
      for tag in ["A", "B", "C"] { state.publish(tag) }
      state.publish("bad", .unhealthy)
      state.namesMatter = true
      state.tagged = Set(services)
    }
    let person = try await FakeOperator(host)
    for tag in tags { try await person.deploy(tag) }
    return person
  }

  private func labels(_ person: FakeOperator) -> [String: String] {
    person.host.change { state in
      state.containers.reduce(into: [:]) { $0[$1.service] = state.shownTags[$1.id] }
    }
  }

  @Test func `what keeps its image gets the tag again that it had before the change`() async throws {
    let person = try await person(tagged: "db", deployed: "A")
    try await person.deploy("B", ["api"])
    try await person.deploy("C")
    #expect(try await person.rollback().isSuccess)
    // Each has what it had: db was not deployed with B.
    #expect(person.host.running == ["api": "B", "db": "16", "web": "A"])
    #expect(labels(person) == ["db": "A"])
    #expect(try await person.newest()?.start.tag == "B")
  }

  @Test func `services of different tags are started one tag after the other`() async throws {
    let person = try await person(tagged: "api", "db", "web", deployed: "A")
    try await person.deploy("B", ["api"])
    try await person.deploy("C")
    #expect(try await person.rollback().isSuccess)
    #expect(labels(person) == ["api": "B", "db": "A", "web": "A"])
    let ids = person.host.change { $0.containers.map(\.id) }
    // All of them are where they were, so there is nothing left to do by number.
    #expect(try await person.rollback(["db"], to: .deployment(1)).refusal != nil)
    #expect(person.host.change { $0.containers.map(\.id) } == ids)
  }

  @Test func `an automatic rollback brings back what each had`() async throws {
    let person = try await person(tagged: "api", "db", "web", deployed: "A")
    try await person.deploy("B", ["api"])
    #expect(try await person.deploy("bad", rollsBack: true).ended?.outcome == .failed)
    #expect(try await person.newest()?.outcome == .succeeded)
    #expect(labels(person) == ["api": "B", "db": "A", "web": "A"])
  }

  @Test func `a lost connection is no success while a container has the former configuration`() async throws {
    let person = try await person(tagged: "db", deployed: "A")
    // Compose comes to api alone.
    person.host.change { $0.prepare(.cutInUp, stop: StopSignal()) {} }
    let ended = try #require(try await person.deploy("A", ["api", "db"]).ended)
    #expect(ended.outcome == .succeeded, "nothing had to be done")
    _ = person.host.change { $0.recover() }
    person.host.change { $0.prepare(.cutInUp, stop: StopSignal()) {} }
    let half = try #require(try await person.deploy("B", ["api", "db"]).ended)
    #expect(half.outcome == .failed)
    #expect(half.reason?.contains("db still had its former configuration") == true, "\(half.reason ?? "")")
    _ = person.host.change { $0.recover() }
    #expect(try await person.rollback().isSuccess)
    #expect(labels(person) == ["db": "A"])
    #expect(person.host.running == ["api": "A", "db": "16", "web": "A"])
  }

  @Test func `what shares the image of two tags gets the label of the one that it goes to`() async throws {
    let person = try await person(tagged: "web", deployed: "A")
    person.host.change { state in
      let id = state.registry["ghcr.io/u/web:A"]
      state.registry["ghcr.io/u/web:B"] = id
    }
    try await person.deploy("B")
    #expect(labels(person) == ["web": "B"])
    #expect(try await person.rollback().isSuccess)
    #expect(labels(person) == ["web": "A"])
    #expect(try await person.rollback(to: .deployment(2)).isSuccess)
    #expect(labels(person) == ["web": "B"])
  }

  @Test func `a tag that only a rollback brought is left like any other`() async throws {
    let person = try await person(tagged: "db", deployed: "A", "B")
    #expect(try await person.rollback(to: .tag(ImageTag("C"))).isSuccess)
    #expect(labels(person) == ["db": "C"])
    // As the images, it goes to what was good before the version that was left with it.
    #expect(try await person.rollback().isSuccess)
    #expect(person.host.running == ["api": "A", "db": "16", "web": "A"])
    #expect(labels(person) == ["db": "A"])
    #expect(try await person.rollback(to: .deployment(3)).isSuccess)
    #expect(labels(person) == ["db": "C"])
    #expect(try await person.rollback(to: .deployment(1)).isSuccess)
    #expect(labels(person) == ["db": "A"])
  }

  @Test func `what a rollback of several tags gave each is known to the next one`() async throws {
    let person = try await person(tagged: "api", "db", "web", deployed: "A")
    try await person.deploy("B", ["web", "db"])
    for _ in 0..<3 {
      try await person.deploy("C")
      #expect(try await person.rollback().isSuccess)
      #expect(labels(person) == ["api": "A", "db": "B", "web": "B"])
    }
    #expect(try await person.newest()?.reason == "IMAGE_TAG=B for db, web")
    try await person.deploy("C")
    #expect(try await person.rollback(to: .deployment(8)).isSuccess)
    #expect(labels(person) == ["api": "A", "db": "B", "web": "B"])
  }

  @Test(arguments: [["web", "db"], ["db"]])
  func `a named service that keeps its image goes to what it had`(services: [String]) async throws {
    let person = try await person(tagged: "db", deployed: "A")
    try await person.deploy("B", ["web"])
    try await person.deploy("C")
    #expect(try await person.rollback(services).isSuccess)
    #expect(labels(person) == ["db": "A"])
    #expect(person.host.running["web"] == (services.contains("web") ? "B" : "C"))
  }

  @Test func `after a rollback of several tags that was killed, the next ones know them too`() async throws {
    let person = try await person(tagged: "api", "db", "web", deployed: "A")
    try await person.deploy("B", ["web"])
    try await person.deploy("C")
    person.host.change { $0.prepare(.lostAfterUp, stop: StopSignal()) {} }
    #expect(try await person.rollback().ended?.outcome == .unknown)
    _ = person.host.change { $0.recover() }
    for _ in 0..<2 {
      #expect(try await person.rollback().isSuccess)
      #expect(labels(person) == ["api": "A", "db": "A", "web": "B"])
      try await person.deploy("C")
    }
  }
}
