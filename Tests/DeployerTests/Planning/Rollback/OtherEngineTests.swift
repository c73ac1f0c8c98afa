import Ledger
import Testing

@testable import Deployer
@testable import Fakes

/// The same images by the ids that another engine gave them.
struct OtherEngineTests {
  private func record(_ person: FakeOperator, _ tag: String) async throws {
    let plan = try person.plan(tag)
    let id = try await person.ledger.begin(plan.start(services: ["backend", "db"], secrets: [])).id
    func image(_ service: String, _ tag: String) -> ImageRecord {
      let image = ImageIdentity(
        reference: "ghcr.io/u/\(service):\(tag)", id: "sha256:old-engine-\(service)-\(tag)",
        digest: "ghcr.io/u/\(service)@sha256:d-\(service)-\(tag)")
      return ImageRecord(service: service, before: tag == "A" ? nil : image, after: image)
    }
    var records = [image("backend", tag), image("db", "16")]
    if tag == "B" { records[0].before = image("backend", "A").after }
    try await person.ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1), images: records)
  }

  @Test func `a rollback recognises images by their digests, and leaves alone what runs`() async throws {
    let person = try await FakeOperator()
    try await record(person, "A")
    try await record(person, "B")
    // The new engine has what the old one had.
    person.host.change { $0.run("backend", "B") }
    person.host.change { $0.run("db", "16") }
    let database = person.host.change { $0.containers.first { $0.service == "db" }?.id }
    let ended = try #require(try await person.rollback().ended)
    #expect(ended.outcome == .succeeded, "\(ended.reason ?? "")")
    #expect(person.host.running == ["backend": "A", "db": "16"])
    #expect(person.host.change { $0.containers.first { $0.service == "db" }?.id } == database)
    #expect(try await person.newest()?.start.undoes == 2)
  }
}
