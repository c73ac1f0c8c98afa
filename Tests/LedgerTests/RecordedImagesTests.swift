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
