/// The first 100 bytes of a database file, checked before SQLite uses the file: a file that is refused must not have been
/// touched.
enum Header {
  static let magic = [UInt8]("SQLite format 3\0".utf8)

  /// Throws unless the file is a ledger in rollback-journal mode.
  static func check(_ start: [UInt8]?, path: String) throws(LedgerError) {
    guard let start, start.count >= 100 else {
      throw .notALedger(path: path, reason: "it is too short to be a database")
    }
    guard Array(start[0..<16]) == magic else { throw .notALedger(path: path, reason: "it is not an SQLite database") }
    guard number(start, at: 68) == Schema.applicationID else {
      throw .notALedger(path: path, reason: "it is another program's database")
    }
    guard start[18] == 1, start[19] == 1 else { throw .wrongJournal(path: path, mode: "WAL") }
    // SQLite would convert texts, and what is hashed is what is stored.
    guard number(start, at: 56) == 1 else { throw .damaged(path: path, reason: "its texts are not stored as UTF-8") }
  }

  /// Four bytes, big endian.
  static func number(_ bytes: [UInt8], at offset: Int) -> Int64 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int64($1) }
  }
}
