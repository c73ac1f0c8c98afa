internal import CSQLite

/// What SQLite reported, without any bound value.
struct SQLiteError: Error, Equatable {
  /// The extended result code.
  var code: Int32
  var text: String

  /// SQLITE_IOERR_SHORT_READ and SQLITE_IOERR_CORRUPTFS, macros that Swift does not see.
  static let shortRead: Int32 = SQLITE_IOERR | (2 << 8)
  static let corruptFileSystem: Int32 = SQLITE_IOERR | (33 << 8)

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

  /// Content that SQLite could read, but that no ledger holds.
  static func corrupt(_ text: String) -> SQLiteError { SQLiteError(code: SQLITE_CORRUPT, text: text) }

  /// True if the transaction may have reached the disk although SQLite reported an error.
  var leavesDoubt: Bool {
    primary == SQLITE_IOERR || primary == SQLITE_FULL || primary == SQLITE_CANTOPEN
  }
}

extension LedgerError {
  /// The one place that turns SQLite's codes into what an operator can act on.
  ///
  /// The ledger's own statements are correct, and by the time they run the file's header was that of a ledger. So a
  /// statement that SQLite cannot compile or finish means that the schema or the content is damaged.
  init(_ error: SQLiteError, path: String) {
    switch error.primary {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(path: path)
    case SQLITE_FULL: self = .diskFull(path: path)
    case SQLITE_READONLY: self = .readOnly(path: path)
    case SQLITE_CONSTRAINT: self = .damaged(path: path, reason: "it rejected an event: \(error.text)")
    case SQLITE_INTERRUPT: self = .damaged(path: path, reason: "its pages refer to each other in a loop")
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_FORMAT, SQLITE_MISMATCH, SQLITE_SCHEMA, SQLITE_TOOBIG:
      self = .damaged(path: path, reason: error.text)
    case SQLITE_IOERR where error.code == SQLiteError.shortRead || error.code == SQLiteError.corruptFileSystem:
      self = .damaged(path: path, reason: error.text)
    default: self = .io(path: path, reason: "\(error.text) (SQLite \(error.code))")
    }
  }

  init(_ fault: LedgerFault, path: String) {
    switch fault {
    case .ledger(let error): self = error
    case .sqlite(let error): self.init(error, path: path)
    }
  }
}
