import Platform
import Testing

@testable import Ledger

struct StatisticsQueryTests {
  @Test func `an empty ledger has no facts`() async throws {
    let ledger = try await Scratch().open()
    #expect(try await ledger.firstDeploymentAt() == nil)
    #expect(try await ledger.facts().isEmpty)
  }

  @Test func `facts are the deployments with their steps and whether an image changed, oldest first`() async throws {
    let scratch = try Scratch()
    let clock = Clock()
    let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
    let start = clock.now()
    let same = ImageIdentity(reference: "r/web:1", id: "sha256:1")
    for images in [
      [], [ImageRecord(service: "web", after: same)], [ImageRecord(service: "web", before: same, after: same)],
    ] {
      let (id, _) = try await ledger.begin(.core(["web"]))
      for name in ["pull", "changing", "up"] {
        let step = StepRecord(name: name, startedAt: clock.now(), durationMS: id * 10, outcome: .succeeded, output: "x")
        try await ledger.append(step, to: id)
      }
      for image in images { try await ledger.append(image, to: id) }
      try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: id))
      clock.move(60)
    }
    let (running, _) = try await ledger.begin(.core(["web"]))
    let facts = try await ledger.facts()
    #expect(facts.map(\.deployment.id) == [1, 2, 3, running])
    #expect(facts.map(\.changedImage) == [nil, true, false, nil])
    #expect(facts.map(\.steps.count) == [3, 3, 3, 0])
    #expect(facts[1].steps.map(\.name) == ["pull", "changing", "up"] && facts[1].steps[0].durationMS == 20)
    #expect(try await ledger.firstDeploymentAt() == start)
    #expect(try await ledger.facts(since: start.addingTimeInterval(60)).map(\.deployment.id) == [2, 3, running])
    #expect(try await ledger.facts(since: start.addingTimeInterval(600)).isEmpty)
  }

  @Test func `deployments after a clock that went back belong to what is known`() async throws {
    let scratch = try Scratch()
    let clock = Clock()
    let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
    let start = clock.now()
    for step in [0.0, 3600, -7200] {
      clock.move(step)
      try await ledger.record(.core(["web"]))
    }
    #expect(try await ledger.firstDeploymentAt() == start.addingTimeInterval(-3600))
    #expect(try await ledger.facts(since: start.addingTimeInterval(1)).map(\.deployment.id) == [2, 3])
  }
}
