@testable import Ledger

/// Changes of rows, of what belongs to an event, of the schema and of the file.
enum OtherChanges {
  static var all: [Change] { rows + early + unused + moved + schema + file }

  private static let types = EventType.allCases.map(\.rawValue)
  private static let columns = Column.allCases.map(\.name)

  /// SQL that copies the first event of a type, with other values.
  private static func copy(_ type: String, _ values: [String: String]) -> String {
    let names = columns + ["hash"]
    let selected = names.map { values[$0] ?? $0 }.joined(separator: ", ")
    return """
      INSERT INTO event (\(names.joined(separator: ", "))) SELECT \(selected) FROM event
      WHERE seq = (SELECT min(seq) FROM event WHERE type = '\(type)')
      """
  }

  /// Makes the numbers of the events start again at 1, without gaps.
  private static let renumber = [
    "CREATE TEMP TABLE old AS SELECT seq, row_number() OVER (ORDER BY seq) AS new FROM event",
    "UPDATE event SET subject = (SELECT new FROM old WHERE old.seq = event.subject) WHERE subject IS NOT NULL",
    "UPDATE output SET seq = -(SELECT new FROM old WHERE old.seq = output.seq)", "UPDATE output SET seq = -seq",
    "UPDATE event SET seq = -(SELECT new FROM old WHERE old.seq = event.seq)", "UPDATE event SET seq = -seq",
  ]

  private static let rows = types.flatMap { type in
    let first = "seq = (SELECT min(seq) FROM event WHERE type = '\(type)')"
    let last = "seq = (SELECT max(seq) FROM event WHERE type = '\(type)')"
    return [
      Change(words: "the first \(type) is deleted", rows: ["DELETE FROM event WHERE \(first)"]),
      Change(
        words: "the first \(type) is deleted and the rest renumbered",
        rows: ["DELETE FROM event WHERE \(first)"] + renumber),
      Change(
        words: "the last \(type) is deleted and the rest renumbered",
        rows: ["DELETE FROM event WHERE \(last)"] + renumber),
      Change(
        words: "a copy of the first \(type) is at the end",
        rows: [copy(type, ["seq": "(SELECT max(seq) + 1 FROM event)", "deployment": "deployment + 3"])]),
      Change(
        words: "a \(type) without anything is at the end",
        rows: ["INSERT INTO event (seq, type, at, hash) SELECT max(seq) + 1, '\(type)', 1, zeroblob(32) FROM event"]),
      Change(
        words: "the first \(type) changes places with the next event",
        rows: [
          "CREATE TEMP TABLE place AS SELECT min(seq) AS seq FROM event WHERE type = '\(type)'",
          "UPDATE event SET seq = -5 WHERE seq = (SELECT seq FROM place)",
          "UPDATE event SET seq = seq - 1 WHERE seq = (SELECT seq + 1 FROM place)",
          "UPDATE event SET seq = (SELECT seq + 1 FROM place) WHERE seq = -5",
        ]),
      Change(words: "the first \(type) is called 'other'", rows: ["UPDATE event SET type = 'other' WHERE \(first)"]),
    ]
  }

  /// Rows that no hash covers.
  private static let early =
    [0, -1, -5].flatMap { seq in
      types.map { type in
        Change(
          words: "there is a \(type) with seq \(seq)",
          rows: [
            copy(type, ["seq": "\(seq)", "deployment": "4", "subject": "11", "hash": "zeroblob(32)"])
              .replacing("INSERT INTO", with: "INSERT OR IGNORE INTO")
          ])
      } + [
        Change(
          words: "there is output with seq \(seq)", rows: ["INSERT INTO output VALUES (\(seq), zeroblob(16), 'x')"]),
        Change(words: "deployment \(seq) is in flight", rows: ["INSERT INTO in_flight VALUES (\(seq))"]),
        Change(words: "deployment \(seq) is covered", rows: ["INSERT INTO coverage VALUES ('db', \(seq))"]),
      ]
    }

  /// A column that the type does not use, and a column of the type that is absent.
  private static let unused = EventType.allCases.flatMap { type in
    Column.allCases.filter { ![.seq, .type, .at].contains($0) }.map { column in
      let isUsed = type.columns.allowed.contains(column)
      let value = column.storage == 1 ? "1" : column.storage == 3 ? "'x'" : "zeroblob(32)"
      return Change(
        words: isUsed ? "no \(type.rawValue) has a \(column.name)" : "a \(type.rawValue) has a \(column.name)",
        rows: [
          "UPDATE event SET \(column.name) = \(isUsed ? "NULL" : value) "
            + "WHERE seq = (SELECT max(seq) FROM event WHERE type = '\(type.rawValue)')"
        ])
    }
  }

  /// Values that are possible as such, but not there.
  private static let moved = [
    Change(
      words: "two deployments have one uuid",
      rows: [
        "UPDATE event SET uuid = (SELECT uuid FROM event WHERE type = 'started' AND deployment = 1) WHERE deployment = 2 AND type = 'started'"
      ]),
    Change(
      words: "a uuid of version 4",
      rows: ["UPDATE event SET uuid = '9e10d864-c0c8-4d3a-8bb6-b43409350efa' WHERE type = 'started' AND deployment = 1"]
    ),
    Change(
      words: "two uuids of version 4",
      rows: ["UPDATE event SET uuid = '9e10d864-c0c8-4d3a-8bb6-b43409350efa' WHERE type = 'started' AND deployment < 3"]
    ),
    Change(
      words: "all images belong to another target", rows: ["UPDATE event SET target = 'other' WHERE type = 'image'"]),
    Change(
      words: "an anchor has the hash of another event",
      rows: ["UPDATE event SET subject = subject - 1 WHERE seq = (SELECT max(seq) FROM event WHERE type = 'anchored')"]),
    Change(words: "an anchor is about itself", rows: ["UPDATE event SET subject = seq WHERE type = 'anchored'"]),
    Change(
      words: "a purge is about an image",
      rows: ["UPDATE event SET subject = (SELECT min(seq) FROM event WHERE type = 'image') WHERE type = 'purged'"]),
    Change(
      words: "letters moved from the output into the salt",
      rows: ["UPDATE output SET salt = CAST(salt || substr(text, 1, 3) AS BLOB), text = substr(text, 4)"]),
    Change(
      words: "letters moved from the salt into the output",
      rows: [
        "UPDATE output SET text = CAST(substr(salt, 16) || CAST(text AS BLOB) AS TEXT), salt = substr(salt, 1, 15)"
      ]),
    Change(
      words: "two services have one name in two forms",
      rows: [
        "UPDATE event SET services = 'caf' || char(233) || ',cafe' || char(769) WHERE type = 'started' AND deployment = 1",
        "UPDATE coverage SET service = 'cafe' || char(769) WHERE deployment = 1 AND service = 'db'",
        "DELETE FROM coverage WHERE deployment = 1 AND service = 'worker'",
      ]),
    Change(
      words: "coverage has the other form of a name",
      rows: ["UPDATE coverage SET service = 'cafe' || char(769) WHERE service LIKE 'caf%' AND deployment = 1"]),
    Change(
      words: "a known operator is another one", rows: ["UPDATE event SET operator = 'eve' WHERE type = 'started'"]),
  ]

  private static let schema =
    (Schema.triggers + Schema.indexes + Schema.views).compactMap { sql -> Change? in
      let words = sql.split(separator: " ").map(String.init)
      guard let keyword = words.firstIndex(where: { ["TRIGGER", "INDEX", "VIEW"].contains($0) }) else { return nil }
      return Change(
        words: "the \(words[keyword]) \(words[keyword + 1]) is gone", rehash: false,
        schema: ["DROP \(words[keyword]) \(words[keyword + 1])"])
    }
    + [
      "CREATE TRIGGER zz AFTER INSERT ON event BEGIN SELECT 1; END", "CREATE VIEW zz AS SELECT 1",
      "CREATE TABLE zz (a)",
      "CREATE INDEX zz ON event (seq)", "CREATE TABLE sqlitezz (a)", "ANALYZE",
      "CREATE TABLE zz (a INTEGER PRIMARY KEY AUTOINCREMENT)",
      "ALTER TABLE event RENAME COLUMN operator TO who", "ALTER TABLE event ADD COLUMN more",
      "ALTER TABLE output RENAME TO outputs",
      "DROP TABLE coverage", "DROP TABLE in_flight", "REINDEX",
    ].map { Change(words: $0, rehash: false, schema: [$0]) }
    + [
      (
        "trigger", "sqlite_zz", "event",
        "CREATE TRIGGER sqlite_zz BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END"
      ),
      ("view", "sqlite_zz", "sqlite_zz", "CREATE VIEW sqlite_zz AS SELECT 1"),
      ("trigger", "event_update", "event", Schema.triggers[0]),
      ("trigger", "other", "event", nil),
      ("trigger", "SQLITE_zz", "event", "CREATE TRIGGER SQLITE_zz AFTER INSERT ON event BEGIN SELECT 1; END"),
    ].map { type, name, table, sql in
      Change(
        words: "a hidden \(type) \(name): \(sql ?? "nothing")", rehash: false,
        schema: Change.hidden(type, name, table, sql))
    }
    + ["type = 'view'", "name = 'zz'", "tbl_name = 'output'", "sql = CAST(sql AS BLOB)", "sql = sql || ' '"].map {
      Change(
        words: "in sqlite_schema, event_update has \($0)", rehash: false,
        schema: [
          "PRAGMA writable_schema=ON", "UPDATE sqlite_schema SET \($0) WHERE name = 'event_update'",
          "PRAGMA schema_version=1000",
        ])
    }

  private static let file =
    ["user_version=0", "user_version=2", "user_version=99", "user_version=-1", "application_id=1", "journal_mode=WAL"]
    .map {
      Change(words: "PRAGMA \($0)", rehash: false, schema: ["PRAGMA \($0)"])
    } + [
      Change(words: "the header says UTF-16", rehash: false, bytes: [[59, 2]]),
      Change(words: "the header is another program's", rehash: false, bytes: [[0, 0]]),
      Change(words: "the header says WAL", rehash: false, bytes: [[18, 2], [19, 2]]),
      Change(words: "the last byte is cut off", rehash: false, cut: 1),
      Change(words: "the last page is cut off", rehash: false, cut: Schema.pageSize),
    ]
}
