import Ledger
import Platform
import Testing

/// A change made with the `sqlite3` shell, and words of the problem that must name it.
struct Tampering: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var sql: String
  var seq: Int64?
  var words: String

  private static let open = "DROP TRIGGER event_update; DROP TRIGGER event_delete; DROP TRIGGER event_insert;"

  static let all = [
    Tampering(testDescription: "a dropped trigger", sql: "DROP TRIGGER event_update", words: "event_update"),
    Tampering(
      testDescription: "an added trigger", sql: "CREATE TRIGGER x AFTER INSERT ON event BEGIN SELECT 1; END",
      words: "contains x"),
    Tampering(
      testDescription: "an edited operator", sql: "\(open) UPDATE event SET operator='eve' WHERE seq=2", seq: 2,
      words: "hash"),
    Tampering(
      testDescription: "an edited hash", sql: "\(open) UPDATE event SET hash=zeroblob(32) WHERE seq=3", seq: 3,
      words: "hash"),
    Tampering(
      testDescription: "an emptied column", sql: "\(open) UPDATE event SET tag=NULL WHERE seq=2", seq: 2, words: "hash"),
    Tampering(
      testDescription: "a moved value", sql: "\(open) UPDATE event SET tag=NULL, registry=tag WHERE seq=2", seq: 2,
      words: "hash"),
    Tampering(
      testDescription: "a deleted event", sql: "\(open) DELETE FROM event WHERE seq=3", seq: 3, words: "missing"),
    Tampering(
      testDescription: "swapped rows",
      sql:
        "\(open) UPDATE event SET seq=-1 WHERE seq=3; UPDATE event SET seq=3 WHERE seq=4; UPDATE event SET seq=4 WHERE seq=-1",
      seq: 3, words: "hash"),
    Tampering(
      testDescription: "REPLACE of an event",
      sql:
        "\(open) DROP TRIGGER detail_insert; REPLACE INTO event (seq, type, at, deployment, name, hash) SELECT seq, type, at, deployment, 'push', hash FROM event WHERE seq=3",
      seq: 3, words: "hash"),
    Tampering(
      testDescription: "an appended row",
      sql: "INSERT INTO event (seq, type, at, hash) SELECT max(seq)+1, 'migrated', 0, zeroblob(32) FROM event",
      words: "hash"),
    Tampering(
      testDescription: "an edited text", sql: "DROP TRIGGER output_update; UPDATE output SET text='nothing to see'",
      words: "does not match its digest"),
    Tampering(
      testDescription: "a deleted text", sql: "DROP TRIGGER output_delete; DELETE FROM output",
      words: "missing and was not purged"),
    Tampering(
      testDescription: "an added text", sql: "DROP TRIGGER output_insert; INSERT INTO output VALUES (2, x'00', 'x')",
      words: "output without a step"),
    Tampering(testDescription: "an in-flight row", sql: "INSERT INTO in_flight VALUES (1)", words: "deployment 1"),
    Tampering(testDescription: "a forgotten start", sql: "DELETE FROM in_flight", words: "deployment 2"),
    Tampering(
      testDescription: "hidden coverage", sql: "DELETE FROM coverage WHERE service='backend'",
      words: "no row for backend"),
    Tampering(
      testDescription: "invented coverage", sql: "INSERT INTO coverage VALUES ('x', 1)", words: "rows without a start"),
    Tampering(testDescription: "a dropped view", sql: "DROP VIEW step", words: "step"),
  ]
}

/// One finished deployment, and one in flight with output.
private func filled(_ scratch: Scratch) async throws -> DeploymentLedger {
  let ledger = try await scratch.open()
  try await ledger.record(.core())
  let id = try await ledger.begin(.core(["db"])).id
  try await ledger.append(
    StepRecord(name: "pull", startedAt: Date(), durationMS: 1, outcome: .succeeded, output: "pulled\n"), to: id)
  return ledger
}

@Test(arguments: Tampering.all)
func `verify names what was tampered with`(_ tampering: Tampering) async throws {
  let scratch = try Scratch()
  _ = try await filled(scratch)
  try await sqlite(scratch.path, tampering.sql)
  let report = try await scratch.open(.readOnly).verify()
  #expect(report.verdict == .damaged)
  let named = report.problems.contains {
    $0.what.contains(tampering.words) && (tampering.seq == nil || $0.seq == tampering.seq)
  }
  #expect(named, "\(report.problems)")
}

@Test func `an untouched ledger is proven`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  let report = try await ledger.verify()
  #expect(report.problems == [])
  #expect(report.verdict == .proven)
  #expect(report.warnings == [])
  #expect(report.events == 7)
  #expect(report.deployments == 2)
  #expect(report.head == (try await ledger.head()))
}

@Test func `verify reports what it read before a page that it cannot read`() async throws {
  let sample = try await Sample.wide.value
  let scratch = try Scratch()
  // The page of the middle event: its text is nowhere else.
  let middle = try #require(sample.bytes.ranges(of: Array("/opt/35".utf8)).first).lowerBound / Sample.pageSize
  let zeros = [UInt8](repeating: 0, count: Sample.pageSize)
  let page = middle * Sample.pageSize..<(middle + 1) * Sample.pageSize
  try write(sample.bytes.replacing(page, with: zeros), scratch.path)
  let report = try await scratch.open(.inspection).verify()
  #expect(report.verdict == .damaged)
  #expect(report.events > 100 && report.head?.seq == report.events)
}

@Test func `the triggers stop accidents`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  for sql in [
    "UPDATE event SET operator='eve'", "DELETE FROM event", "DELETE FROM output", "UPDATE output SET text=''",
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq=2", "REPLACE INTO output VALUES (7, x'00', '')",
    "INSERT INTO event (seq, type, at, hash) VALUES (99, 'migrated', 0, zeroblob(32))",
    "INSERT INTO event (seq, type, at, deployment, hash) VALUES (8, 'finished', 0, 1, zeroblob(32))",
    "INSERT INTO event (seq, type, at, deployment, uuid, hash) VALUES (8, 'started', 0, 9, 'u', zeroblob(32))",
  ] {
    await #expect(throws: ShellFailure.self, "\(sql)") { try await sqlite(scratch.path, sql) }
  }
  #expect(try await ledger.verify().problems == [])
}

@Test func `a purge removes the output and keeps the reason`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  try await ledger.purge(step: 1, of: 2, reason: "it held a token")
  #expect(try await ledger.steps(of: 2).first?.output == nil)
  #expect(try await ledger.verify().problems == [])
  #expect(try await sqlite(scratch.path, "SELECT reason FROM event WHERE type='purged'") == "it held a token")
  #expect(try !read(scratch.path).contains("pulled\n".utf8))
  let gone = LedgerError.noSuchText(path: ledger.path, deployment: 2, step: 1)
  await #expect(throws: gone) { try await ledger.purge(step: 1, of: 2, reason: "again") }
  try await sqlite(scratch.path, "DROP TRIGGER output_insert; INSERT INTO output VALUES (7, x'00', 'back')")
  #expect(try await ledger.verify().problems.contains { $0.what.contains("was purged, but is still there") })
}

@Test func `verification can start from a head that was proven earlier`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  let head = try await ledger.head()
  try await ledger.finish(2, Finish(outcome: .succeeded, durationMS: 1))
  let report = try await ledger.verify(VerifyOptions(since: head))
  #expect(report.problems == [])
  #expect(report.events == 1)
  let other = Head(seq: head.seq, hash: String(repeating: "0", count: 64), ledgerID: head.ledgerID)
  #expect(try await ledger.verify(VerifyOptions(since: other)).verdict == .damaged)
}

@Test func `an anchor shows a removed end, a fork and a replaced ledger`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  let old = try read(scratch.path)
  try await ledger.finish(2, Finish(outcome: .succeeded, durationMS: 1))
  let head = try await ledger.head()
  #expect(try await ledger.compare(head) == .agrees)
  try await ledger.appendAnchored(deployment: 2, target: "core", head: head)
  try write(old, scratch.path)
  let restored = try await scratch.open()
  #expect(try await restored.verify().verdict == .proven)
  #expect(try await restored.compare(head) == .ahead)
  try await restored.finish(2, Finish(outcome: .failed, durationMS: 1))
  #expect(try await restored.compare(head) == .differs)
  let other = try await Scratch().open()
  #expect(try await other.compare(head) == .replaced)
  await #expect(throws: LedgerError.self) {
    try await other.appendAnchored(deployment: nil, target: "core", head: head)
  }
}

@Test func `an anchor's line contains all of it, and no other line is an anchor`() throws {
  let head = Head(seq: 7, hash: String(repeating: "ab", count: 32), ledgerID: UUID().uuidString.lowercased())
  let anchor = Anchor(head: head, at: Date(timeIntervalSince1970: 1_700_000_000))
  #expect(anchor.line == "ktrdr-anchor/1 \(head.ledgerID) 7 \(head.hash) 2023-11-14T22:13:20Z")
  #expect(Anchor(line: anchor.line + "\n") == anchor)
  for end in 1..<10 { #expect(Anchor(line: String(anchor.line.dropLast(end))) == nil) }
  #expect(Anchor(line: anchor.line + " more") == nil)
}
