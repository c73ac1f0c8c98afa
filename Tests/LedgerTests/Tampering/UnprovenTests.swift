import Foundation
import Testing

@testable import Ledger

/// Changes of a kind: whatever they are, both verifiers must say that the ledger is damaged.
struct Kind: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var changes: [Change]

  init(_ name: String, rehash: Bool = true, _ changes: [(String, [String])]) {
    testDescription = name
    self.changes = changes.map { Change(words: $0, rows: $1, rehash: rehash) }
  }

  init(_ name: String, schema: [(String, [String])]) {
    testDescription = name
    changes = schema.map { Change(words: $0, rehash: false, schema: $1) }
  }

  private static func update(_ type: String, _ values: String) -> (String, [String]) {
    (
      "\(type): \(values)",
      ["UPDATE event SET \(values) WHERE seq = (SELECT max(seq) FROM event WHERE type = '\(type)')"]
    )
  }

  private static func insert(_ values: String) -> [String] {
    ["INSERT INTO event (seq, type, at, deployment, name, outcome, hash) VALUES (\(values), zeroblob(32))"]
  }

  static let all = [
    Kind(
      "rows with a seq below 1",
      [0, -1, -5].flatMap { seq in
        [
          ("a step", insert("\(seq), 'step', 1, 1, 'pull', 'succeeded'")),
          ("an end", insert("\(seq), 'finished', 1, 4, NULL, 'succeeded'")),
          ("a migration", insert("\(seq), 'migrated', 1, NULL, 'x', NULL")),
          ("an output", ["INSERT INTO output VALUES (\(seq), zeroblob(16), 'x')"]),
        ]
      }),
    Kind(
      "objects of the schema that are not SQLite's own",
      schema: [
        (
          "a trigger that swallows events",
          Change.hidden(
            "trigger", "sqlite_zz", "event",
            "CREATE TRIGGER sqlite_zz BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END")
        ),
        ("a view", Change.hidden("view", "sqlite_zz", "sqlite_zz", "CREATE VIEW sqlite_zz AS SELECT 1")),
        ("a name that LIKE takes for one of them", ["CREATE TABLE sqlitezzz (a)"]),
        ("a table of ANALYZE", ["ANALYZE"]),
        (
          "a table of AUTOINCREMENT",
          ["CREATE TABLE zz (a INTEGER PRIMARY KEY AUTOINCREMENT)", "DROP TABLE zz"]
        ),
        (
          "the text of a trigger as a blob",
          [
            "PRAGMA writable_schema=ON", "UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'event_update'",
          ]
        ),
      ]),
    Kind(
      "salts that do not have 16 bytes",
      [
        (
          "letters moved into it",
          [
            "UPDATE output SET salt = CAST(salt || substr(text, 1, 3) AS BLOB), text = substr(text, 4)"
          ]
        ),
        (
          "bytes moved out of it",
          [
            "UPDATE output SET text = CAST(substr(salt, 17) || CAST(text AS BLOB) AS TEXT), salt = substr(salt, 1, 16)",
            "UPDATE output SET text = CAST(substr(salt, 16) || CAST(text AS BLOB) AS TEXT), salt = substr(salt, 1, 15)",
          ]
        ),
      ]),
    Kind(
      "texts that only look the same",
      [
        (
          "the other form of é in coverage",
          [
            "UPDATE coverage SET service = 'cafe' || char(769) WHERE service = 'caf' || char(233) AND deployment = 1"
          ]
        ),
        (
          "the other form of é twice in a start",
          [
            "UPDATE event SET services = 'caf' || char(233) || ',cafe' || char(769) WHERE seq = 2",
            "DELETE FROM coverage WHERE deployment = 1 AND service IN ('db', 'worker')",
          ]
        ),
        (
          "a combining mark after a comma",
          [
            "UPDATE event SET services = 'caf' || char(233) || ',' || char(769) || 'db,worker' WHERE seq = 2"
          ]
        ),
        (
          "bytes that are not UTF-8",
          [
            "UPDATE event SET services = 'caf' || char(233) || ',db' || CAST(x'ff' AS TEXT) || ',worker' WHERE seq = 2",
            "UPDATE coverage SET service = 'db' || char(65533) WHERE service = 'db' AND deployment = 1",
          ]
        ),
        ("an operator that is not UTF-8", ["UPDATE event SET operator = CAST(x'61ff' AS TEXT) WHERE seq = 2"]),
        ("an empty item", ["UPDATE event SET services = services || ',' WHERE seq = 2"]),
        ("an empty profile", ["UPDATE event SET profiles = 'a,,b' WHERE seq = 2"]),
        ("a secret's version that is no number", ["UPDATE event SET secret_versions = 'core@x' WHERE seq = 2"]),
      ]),
    Kind(
      "columns that an event lacks",
      [
        update("started", "uuid = NULL"), update("started", "target = NULL"), update("started", "host = NULL"),
        update("started", "operator = NULL"), update("started", "client = NULL"), update("started", "kind = NULL"),
        update("started", "target = ''"), update("step", "outcome = NULL"), update("step", "name = NULL"),
        update("image", "service = NULL"), update("image", "after_id = NULL"), update("purged", "reason = NULL"),
        update("anchored", "anchor_hash = NULL"), update("genesis", "format = NULL"),
        update("finished", "duration_ms = NULL"),
      ]),
    Kind(
      "columns that an event does not use",
      [
        update("started", "outcome = 'succeeded'"), update("step", "operator = 'eve'"), update("image", "tag = 'x'"),
        update("finished", "service = 'x'"), update("purged", "target = 'x'"), update("anchored", "reason = 'x'"),
        update("genesis", "name = 'x'"),
      ]),
    Kind(
      "words that the format does not know",
      [
        update("started", "kind = 'undo'"), update("step", "outcome = 'interrupted'"),
        update("step", "outcome = 'Failed'"),
        update("finished", "outcome = 'skipped'"), update("image", "type = 'picture'"),
        update("started", "git_dirty = 2"),
        update("step", "exit_status = 4294967296"),
      ]),
    Kind(
      "identities",
      [
        (
          "a repeated uuid",
          [
            "UPDATE event SET uuid = (SELECT uuid FROM event WHERE seq = 2) WHERE type = 'started' AND deployment = 2"
          ]
        ),
        (
          "a repeated uuid of version 4",
          [
            "UPDATE event SET uuid = '9e10d864-c0c8-4d3a-8bb6-b43409350efa' WHERE type = 'started' AND deployment < 3"
          ]
        ),
        update("started", "uuid = upper(uuid)"), update("started", "uuid = 'x'"), update("started", "at = at + 1"),
        update("genesis", "uuid = uuid || 'a'"), update("genesis", "uuid = upper(uuid)"),
        update("genesis", "uuid = 'x'"),
      ]),
    Kind(
      "references to what is not there",
      [
        update("anchored", "subject = 999"), update("anchored", "subject = seq"),
        update("anchored", "subject = subject - 1"),
        update("anchored", "anchor_hash = zeroblob(32)"), update("anchored", "deployment = 9"),
        update("purged", "subject = 2"), update("purged", "deployment = 1"), update("started", "undoes = 4"),
        update("image", "target = 'other'"),
      ]),
    Kind(
      "formats",
      [
        update("genesis", "format = 2"), update("genesis", "format = 0"),
        (
          "a migration that did not happen",
          [
            "INSERT INTO event (seq, type, at, name, format, hash) SELECT max(seq) + 1, 'migrated', 1, 'x', 2, zeroblob(32) FROM event"
          ]
        ),
      ]),
  ]
}

@Test(arguments: Kind.all)
func `what no ktrdr writes is damage to both verifiers`(_ kind: Kind) async throws {
  let scratch = try Scratch()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: Clock().now)
  try await ledger.fillCompletely()
  let bench = try Bench(scratch.path)
  for (change, verdicts) in zip(kind.changes, try await bench.judge(kind.changes)) {
    #expect(verdicts == (.damaged, .damaged), "\(kind.testDescription): \(change.words)")
  }
}

@Test func `a text encoding that SQLite converts is damage`() async throws {
  let scratch = try Scratch()
  try await scratch.open().record(.core())
  let bench = try Bench(scratch.path)
  let verdicts = try await bench.judge([Change(words: "UTF-16", rehash: false, bytes: [[59, 2]])])
  #expect(verdicts[0] == (.damaged, .damaged))
}
