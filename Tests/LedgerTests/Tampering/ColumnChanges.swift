import TestSupport

@testable import Ledger

/// A place for values: a column of a table, with a condition that picks one of its rows.
struct Place: Sendable {
  var table: String
  var column: String
  /// 1 INTEGER, 3 TEXT, 4 BLOB.
  var storage: Int32
  var row: String

  /// Every column of every table, each with a row that has a value there.
  static func all(_ random: inout SeededGenerator) -> [Place] {
    let events = (Column.allCases.map { ($0.name, $0.storage) } + [("hash", 4)]).map { name, storage in
      Place(table: "event", column: name, storage: storage, row: pick("event", "seq", "\(name) IS NOT NULL", &random))
    }
    let row = pick("coverage", "service || deployment", "TRUE", &random)
    return events + [
      Place(table: "output", column: "seq", storage: 1, row: pick("output", "seq", "TRUE", &random)),
      Place(table: "output", column: "salt", storage: 4, row: pick("output", "seq", "TRUE", &random)),
      Place(table: "output", column: "text", storage: 3, row: pick("output", "seq", "TRUE", &random)),
      Place(table: "in_flight", column: "deployment", storage: 1, row: "TRUE"),
      Place(table: "coverage", column: "service", storage: 3, row: row),
      Place(table: "coverage", column: "deployment", storage: 1, row: row),
    ]
  }

  /// A condition for one of the rows for which `condition` holds, by a random number. The values decide, not the generator.
  private static func pick(
    _ table: String, _ key: String, _ condition: String, _ random: inout SeededGenerator
  ) -> String {
    let number = Int.random(in: 0..<997, using: &random)
    return """
      \(key) = (SELECT \(key) FROM \(table) WHERE \(condition) ORDER BY \(key) LIMIT 1
      OFFSET \(number) % (SELECT count(*) FROM \(table) WHERE \(condition)))
      """
  }

  func change(_ words: String, to value: String) -> Change {
    Change(
      words: "\(table).\(column) \(words) (where \(row.replacing("\n", with: " ")))",
      rows: ["UPDATE \(table) SET \(column) = \(value) WHERE \(row)"])
  }

  /// Every way to alter the value. SQL of the new value.
  var changes: [Change] {
    let column = column
    let any = [
      ("is absent", "NULL"), ("is a real", "1.5"), ("is a blob instead", "CAST(\(column) AS BLOB)"),
      ("is empty", "''"), ("is a large number", "9223372036854775807"), ("is zero", "0"), ("is negative", "-1"),
    ]
    let text = [
      ("is another word", "'other'"), ("is in upper case", "upper(\(column))"),
      ("has a space after it", "\(column) || ' '"),
      ("has a line end after it", "\(column) || char(10)"), ("has a NUL after it", "\(column) || char(0)"),
      ("ends in a comma", "\(column) || ','"), ("begins with a comma", "',' || \(column)"),
      ("ends in a combining mark", "\(column) || char(769)"),
      ("begins with a combining mark", "char(769) || \(column)"),
      ("has a combining mark after every comma", "replace(\(column) || ',x', ',', ',' || char(769))"),
      ("has the other form of é", "replace(\(column) || char(233), char(233), 'e' || char(769))"),
      ("ends in a byte that is not UTF-8", "\(column) || CAST(x'ff' AS TEXT)"),
      ("ends in a surrogate", "\(column) || CAST(x'eda080' AS TEXT)"),
      ("is one byte that is not UTF-8", "CAST(x'c3' AS TEXT)"),
      ("lacks its last character", "substr(\(column), 1, length(\(column)) - 1)"),
    ]
    let integer = [
      ("is one more", "\(column) + 1"), ("is one less", "\(column) - 1"), ("is a text", "CAST(\(column) AS TEXT)"),
      ("is another word", "'other'"), ("is a blob of one byte", "x'01'"),
    ]
    let blob = [
      ("is a text of the same bytes", "CAST(\(column) AS TEXT)"),
      ("is one byte shorter", "substr(\(column), 1, length(\(column)) - 1)"),
      ("is one byte longer", "CAST(\(column) || x'00' AS BLOB)"), ("is zeros", "zeroblob(length(\(column)))"),
      ("is empty bytes", "x''"),
    ]
    let own = storage == 1 ? integer : storage == 3 ? text : blob
    return (any + own).map { change($0, to: $1) }
  }

  /// A change of the value that no new hash covers. It must be found.
  var control: Change {
    let value = storage == 1 ? "\(column) + 1000" : storage == 3 ? "\(column) || 'x'" : "zeroblob(length(\(column)))"
    var change = change("is altered without new hashes", to: value)
    change.rehash = false
    return change
  }
}
