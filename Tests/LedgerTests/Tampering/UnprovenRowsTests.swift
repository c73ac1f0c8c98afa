import Foundation
import Testing

@testable import Ledger

/// Rows that no hash covers, as many as the unique indexes allow.
private let early = [
  "(-5, 'started', 9, 90, 'u', 'deploy', 'target-9', 'host-9', 'x', '', 'eve', 'c', '', NULL, NULL, NULL, zeroblob(32))",
  "(-4, 'finished', 9, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'succeeded', 1, NULL, zeroblob(32))",
  "(-3, 'image', 9, 1, NULL, NULL, 'target-1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'evil', zeroblob(32))",
  "(0, 'step', 9, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'failed', 1, NULL, zeroblob(32))",
]

@Test func `no statement reads rows from before the genesis`() async throws {
  let sample = try await Sample.small.value
  let scratch = try Scratch()
  try write(sample.bytes, scratch.path)
  // Opened before the change: a file that is opened after it is damaged at once.
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readOnly, now: { Sample.now })
  try await sqlite(
    scratch.path,
    """
    DROP TRIGGER event_insert; DROP TRIGGER started_insert; DROP TRIGGER detail_insert; DROP TRIGGER finished_after;
    DROP TRIGGER started_after;
    INSERT INTO event (seq, type, at, deployment, uuid, kind, target, host, services, profiles, operator, client,
      secret_versions, outcome, duration_ms, service, hash) VALUES \(early.joined(separator: ", "));
    INSERT INTO in_flight VALUES (90); INSERT INTO coverage VALUES ('service-1', 90);
    """)
  for question in Question.all where !question.checksEvents {
    #expect(try await ledger.answer(question) == sample.answers[question.name], "\(question.name)")
  }
  #expect(try await ledger.verify().verdict == .damaged)
  for access in [DeploymentLedger.Access.readOnly, .readWrite] {
    await #expect(throws: LedgerError.self, "\(access)") { _ = try await scratch.open(access) }
  }
}

/// Records a start and a step with output: rows in every table.
private func recordSome(_ ledger: DeploymentLedger) async throws {
  let id = try await ledger.begin(.core()).id
  try await ledger.append(
    StepRecord(name: "up", startedAt: Date(), durationMS: 1, outcome: .succeeded, output: "x"), to: id)
}

@Test(arguments: ["event", "output", "coverage"], ["zz", "sqlite_zz"])
func `a trigger that swallows what is written does not go unnoticed`(_ table: String, _ name: String) async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await recordSome(ledger)
  let trigger = "CREATE TRIGGER \(name) BEFORE INSERT ON \(table) BEGIN SELECT RAISE(IGNORE); END"
  try await sqlite(scratch.path, Change.hidden("trigger", name, table, trigger).joined(separator: "; "))
  let lost = LedgerError.damaged(path: scratch.path, reason: "it did not keep what was written")
  await #expect(throws: lost) { try await recordSome(ledger) }
  let again = try await scratch.open()
  await #expect(throws: lost) { try await recordSome(again) }
  #expect(try await again.verify().problems.map(\.what).contains { $0.contains("schema contains \(name)") })
}

@Test func `an event that a trigger changed after it was written does not count as recorded`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await sqlite(
    scratch.path,
    "DROP TRIGGER event_delete; CREATE TRIGGER zz AFTER INSERT ON event BEGIN DELETE FROM event WHERE seq = NEW.seq; END"
  )
  await #expect(throws: LedgerError.self) { _ = try await ledger.begin(.core()) }
}

@Test func `statistics of ANALYZE are named with the way to remove them, and block nothing`() async throws {
  let scratch = try Scratch()
  try await scratch.open().record(.core())
  try await sqlite(scratch.path, "ANALYZE")
  let ledger = try await scratch.open()
  try await ledger.record(.core())
  #expect(
    try await ledger.verify().problems.map(\.what)
      == ["the schema contains sqlite_stat1, which ANALYZE creates: remove it with `DROP TABLE sqlite_stat1`"])
  try await sqlite(scratch.path, "DROP TABLE sqlite_stat1")
  #expect(try await ledger.verify().problems == [])
}

@Test func `an index that nobody knows is not read`() async throws {
  let scratch = try Scratch()
  try await scratch.open().record(.core())
  try await sqlite(scratch.path, "CREATE INDEX zz ON event (seq) WHERE seq > 2")
  await #expect(throws: LedgerError.self) { _ = try await scratch.open(.readOnly) }
}
