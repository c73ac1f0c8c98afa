internal import CSQLite

/// What SQLite said, without any bound value.
struct SQLiteError: Error, Equatable {
  /// The extended result code.
  var code: Int32
  var text: String

  /// SQLITE_IOERR_SHORT_READ, a macro that Swift does not see.
  static let shortRead: Int32 = SQLITE_IOERR | (2 << 8)

  static let inputOutput: Int32 = SQLITE_IOERR

  /// The primary result code, which the extended one refines.
  var primary: Int32 { code & 0xff }

  init(code: Int32, text: String) {
    self.code = code
    self.text = text
  }

  init(_ handle: OpaquePointer?, code: Int32) {
    self.code = code
    if let handle, sqlite3_errcode(handle) != SQLITE_OK {
      self.text = String(cString: sqlite3_errmsg(handle))
    } else {
      self.text = String(cString: sqlite3_errstr(code))
    }
  }

  /// True where the transaction may have reached the disk although SQLite reported an error.
  var leavesDoubt: Bool {
    primary == SQLITE_IOERR || primary == SQLITE_FULL || primary == SQLITE_CANTOPEN
  }
}
