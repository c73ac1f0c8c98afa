import Platform
import Testing

@testable @_spi(Fixture) import Ledger

@Test func `the services of a target are those that any of its deployments recorded`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  #expect(try await ledger.recordedServices(of: "core").isEmpty)
  try await ledger.record(.core(["mcp", "backend"]), .failed)
  try await ledger.record(.core(["db"]))
  let other = DeploymentStart(
    kind: .deploy, target: "workers-b", host: "h", services: ["training"], operator: "a", client: "c")
  try await ledger.record(other)
  #expect(try await ledger.recordedServices(of: "core") == ["backend", "db", "mcp"])
  #expect(try await ledger.recordedServices(of: "workers-b") == ["training"])
}

@Test(arguments: [Outcome.failed, .cancelled, .interrupted, .unknown])
func `what should run is, for each service, what the newest successful deployment recorded`(
  later: Outcome
) async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await ledger.record(.core(["backend", "db"], tag: "sha-1"))
  try await ledger.record(.core(["backend"], tag: "sha-2", kind: .rollback))
  try await ledger.record(.core(["backend"], tag: "sha-3"), later)
  try await ledger.record(.core(["mcp"], tag: "sha-3"), later)
  _ = try await ledger.begin(.core(["backend"], tag: "sha-4"))
  let expected = try await ledger.newestSucceeded(of: "core")
  #expect(expected.map(\.1.service) == ["backend", "db"])
  #expect(expected.map(\.0.id) == [2, 1])
  #expect(expected.map(\.1.after?.reference) == ["repo:sha-2", "repo:sha-1"])
}

@Test func `what ran at an earlier moment is what the newest deployment had recorded by then`() async throws {
  let (scratch, clock) = (try Scratch(), Clock())
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  let before = clock.now()
  clock.move(60)
  try await ledger.record(.core(["backend", "db"], tag: "sha-1"))
  clock.move(60)
  try await ledger.record(.core(["backend"], tag: "sha-2"), .failed)
  let failed = clock.now()
  clock.move(60)
  // About to change the host, and ended two minutes later.
  let (id, _) = try await ledger.begin(.core(["backend"], tag: "sha-3"))
  let begun = clock.now()
  clock.move(60)
  let old = ImageIdentity(reference: "repo:sha-2", id: "2")
  try await ledger.append(ImageRecord(service: "backend", before: old), to: id)
  let changing = clock.now()
  clock.move(60)
  let new = ImageIdentity(reference: "repo:sha-3", id: "3")
  let image = ImageRecord(service: "backend", before: old, after: new)
  try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 120_000), images: [image])
  let ended = clock.now()
  clock.move(60)
  try await ledger.record(.core(["db"], tag: "sha-4"), .interrupted)

  func ran(_ moment: Date) async throws -> [String] {
    try await ledger.newestRecorded(of: "core", at: moment).map { deployment, image in
      let after = image.after?.reference ?? "-"
      return "\(image.service) \(after) \(deployment.id) \(deployment.outcome?.rawValue ?? "running")"
    }
  }
  #expect(try await ran(before).isEmpty)
  let first = ["backend repo:sha-1 1 succeeded", "db repo:sha-1 1 succeeded"]
  #expect(try await ran(failed.addingTimeInterval(-1)) == first)
  #expect(try await ran(failed) == ["backend repo:sha-2 2 failed", "db repo:sha-1 1 succeeded"])
  #expect(try await ran(begun) == ran(failed))
  #expect(try await ran(changing) == ["backend - 3 running", "db repo:sha-1 1 succeeded"])
  #expect(try await ran(ended) == ["backend repo:sha-3 3 succeeded", "db repo:sha-1 1 succeeded"])
  #expect(try await ran(clock.now()) == ["backend repo:sha-3 3 succeeded", "db repo:sha-4 4 interrupted"])
  #expect(try await ledger.newestRecorded(of: "workers-b", at: clock.now()).isEmpty)
}

/// The limit interrupts a statement at SQLite's first check, after 10,000 steps: a statement that gets through reads only a
/// few rows.
@Test func `finding what should run takes a few seeks, however many deployments there are`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await ledger.together { (ledger) throws(LedgerError) in
    for number in 0..<6_000 {
      let (id, _) = try ledger.begin(.core(["backend", "db"], tag: "sha-\(number)"))
      for service in ["backend", "db"] {
        try ledger.append(ImageRecord(service: service, after: ImageIdentity(reference: "r", id: "\(number)")), to: id)
      }
      try ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1))
    }
  }
  let (counted, expected) = try await ledger.limited { ledger in
    (try? ledger.countImages(), try ledger.newestSucceeded(of: "core").map(\.0.id))
  }
  #expect(counted == nil, "the limit stops nothing, so this test shows nothing")
  #expect(expected == [6_000, 6_000])
  let early = try #require(try await ledger.deployment(10)?.finishedAt)
  let (_, recorded) = try await ledger.limited { ledger in
    (0, try ledger.newestRecorded(of: "core", at: early).map(\.0.id))
  }
  #expect(recorded.count == 2 && recorded.allSatisfy { $0 >= 10 })
}

extension DeploymentLedger {
  fileprivate func limited<Answer: Sendable>(
    _ body: @Sendable (isolated DeploymentLedger) throws -> Answer
  ) throws -> Answer {
    let result = try database.limited(by: WorkLimit(steps: 0)) { () throws(SQLiteError) in Result { try body(self) } }
    return try result.get()
  }

  fileprivate func countImages() throws -> Int64? {
    try database.integer("SELECT count(DISTINCT service) FROM event INDEXED BY image_service WHERE type = 'image'")
  }
}
