import Foundation
import Ledger
import Testing

private func filled(_ scratch: Scratch) async throws -> DeploymentLedger {
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core(tag: nil, operator: "a \"quoted\", name\r\n\u{1}\u{2028}")).id
  try await ledger.append(
    StepRecord(name: "pull", startedAt: Date(), durationMS: 1, outcome: .failed, output: "two\nlines\t\\"), to: id)
  return ledger
}

private func export(_ ledger: DeploymentLedger, _ format: ExportFormat) async throws -> [String] {
  try await ledger.exported(format)
}

extension DeploymentLedger {
  fileprivate func exported(_ format: ExportFormat) throws -> [String] {
    var lines: [String] = []
    try export(format) { lines.append($0) }
    return lines
  }

  /// The lines that came before the error, and the error.
  fileprivate func exportedUntilError() throws -> (lines: [String], reason: String?) {
    var lines: [String] = []
    do {
      try export(.ndjson) { lines.append($0) }
    } catch let error as LedgerError {
      guard case .damaged(_, let reason) = error else { throw error }
      return (lines, reason)
    }
    return (lines, nil)
  }
}

/// A change made with the `sqlite3` shell, how many of four events are exported all the same, and what the error says.
struct DamagedExport: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var sql: String
  var lines = 4
  var reason: String?

  static let all = [
    DamagedExport(
      testDescription: "a missing event", sql: "DELETE FROM event WHERE seq = 2", lines: 3, reason: "event 2 is missing"
    ),
    DamagedExport(
      testDescription: "missing events", sql: "DELETE FROM event WHERE seq IN (2, 3)", lines: 2,
      reason: "events 2 to 3 are missing"),
    DamagedExport(
      testDescription: "a changed event", sql: "UPDATE event SET operator = 'eve' WHERE seq = 2",
      reason: "event 2 does not match its hash"),
    DamagedExport(
      testDescription: "a changed output", sql: "UPDATE output SET text = 'fine'",
      reason: "the output of step event 3 does not match its digest"),
    DamagedExport(
      testDescription: "a missing output", sql: "DELETE FROM output",
      reason: "the output of step event 3 is missing and was not purged"),
    DamagedExport(
      testDescription: "an event with a negative number", sql: "UPDATE event SET seq = -2 WHERE seq = 2", lines: 3,
      reason: "it has rows from before its genesis"),
    DamagedExport(
      testDescription: "an event without a hash",
      sql: "PRAGMA ignore_check_constraints=ON; UPDATE event SET hash = x'00' WHERE seq = 4",
      reason: "its last event is not valid"),
    DamagedExport(
      testDescription: "a newer format", sql: "PRAGMA user_version=9; UPDATE event SET operator = 'eve' WHERE seq = 2"),
  ]
}

@Test(arguments: DamagedExport.all)
func `an export of a damaged ledger has what can be read and ends with an error`(_ damaged: DamagedExport) async throws
{
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  try await ledger.finish(1, Finish(outcome: .failed, durationMS: 1))
  let triggers = ["event_update", "event_delete", "output_update", "output_delete"].map { "DROP TRIGGER \($0);" }
  try await sqlite(scratch.path, triggers.joined() + damaged.sql)
  let result = try await scratch.open(.inspection).exportedUntilError()
  #expect(result.reason == damaged.reason)
  #expect(result.lines.count == damaged.lines)
}

@Test func `an export with purged output is complete`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  try await ledger.purge(step: 1, of: 1, reason: "a token")
  let result = try await ledger.exportedUntilError()
  #expect(result.reason == nil)
  #expect(result.lines.count == 4 && result.lines[2].hasSuffix("\"output\":null}\n"))
}

@Test func `an NDJSON export is one object a line, with hash and output`() async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch)
  let lines = try await export(ledger, .ndjson)
  #expect(lines.count == 3)
  let objects = try lines.map { line in
    #expect(line.hasSuffix("}\n") && line.filter(\.isNewline).count == 1)
    return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
  #expect(objects[1]["operator"] as? String == "a \"quoted\", name\r\n\u{1}\u{2028}")
  #expect(objects[1]["tag"] is NSNull)
  #expect(objects[1]["deployment"] as? Int == 1)
  #expect(objects[2]["output"] as? String == "two\nlines\t\\")
  let head = try await ledger.head()
  #expect(objects[2]["hash"] as? String == head.hash)
  for object in objects { #expect(object.count == 40) }
}

@Test func `another program can read a CSV export`() async throws {
  let scratch = try Scratch()
  let lines = try await export(filled(scratch), .csv)
  let file = scratch.directory + "/export.csv"
  try write(lines.flatMap { Array($0.utf8) }, file)
  let program = """
    import csv
    rows = list(csv.DictReader(open(r'\(file)', newline='', encoding='utf-8')))
    print(len(rows), repr(rows[1]['operator']), repr(rows[2]['output']), len(rows[0]['hash']), len(rows[0]))
    """
  let printed = try await run("python3", ["-c", program]).output
  #expect(printed == #"3 'a "quoted", name\r\n\\u{1}\\u{2028}' 'two\nlines\t\\' 64 40"#)
}

@Test(
  arguments: [
    (["plain", "two words"], "plain,two words\r\n"), (["a,b", "c"], "\"a,b\",c\r\n"),
    (["say \"hi\"", "\"\u{301}"], "\"say \"\"hi\"\"\",\"\"\"\u{301}\"\r\n"),
    (["two\nlines", "", nil], "\"two\nlines\",,\r\n"),
    (["a\r\nb\rc"], "\"a\r\nb\\u{d}c\"\r\n"),
    (["\u{1B}[2J\u{202E}\t", "é\u{200D}"], "\\u{1b}[2J\\u{202e}\t,é\u{200D}\r\n"),
  ] as [([String?], String)])
func `a CSV field is quoted only if it has to be`(_ fields: [String?], _ record: String) {
  #expect(CSV.record(fields) == record)
}

@Test(
  arguments: [
    ("=cmd()", "'=cmd()"), ("+1+1", "'+1+1"), ("-1+1", "'-1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
    ("\r\n=1", "\"'\r\n=1\""), ("＝1", "'＝1"), ("=\"a\"", "\"'=\"\"a\"\"\""), ("-5", "-5"), ("+5", "+5"), ("a=b", "a=b"),
    ("'=1", "'=1"),
  ])
func `a CSV cell that a spreadsheet would take for a formula begins with an apostrophe`(field: String, cell: String) {
  #expect(CSV.record([field]) == cell + "\r\n")
}

@Test func `an export of many events is complete and stops when its sink throws`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core()).id
  for number in 0..<600 { try await ledger.append(ImageRecord(service: "s\(number)"), to: id) }
  #expect(try await export(ledger, .ndjson).count == 602)
  struct Full: Error {}
  await #expect(throws: Full.self) { try await ledger.failingExport(Full()) }
}

extension DeploymentLedger {
  fileprivate func failingExport(_ error: any Error & Sendable) throws {
    try export(.csv) { _ in throw error }
  }
}
