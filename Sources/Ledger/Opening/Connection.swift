internal import CSQLite

/// Opens a ledger's file with every setting that the design asks for, or says why not.
enum Connection {
  /// `access` readWrite throws where the file may only be read or where its format is newer than `newest`.
  static func open(path: String, access: DeploymentLedger.Access, newest: Int64) throws(LedgerError) -> Database {
    switch try FileKind(path: path) {
    case .missing: throw .missing(path: path)
    case .other(let kind): throw .wrongKind(path: path, kind: kind)
    case .regular(bytes: 0): throw .notALedger(path: path, reason: "it is empty")
    case .regular: break
    }
    if let type = NetworkFilesystem.type(under: System.split(path).directory) {
      throw .networkFilesystem(path: path, type: type)
    }
    do {
      let database = try Database(path: path)
      try check(database, path: path, access: access, newest: newest)
      return database
    } catch let error as SQLiteError {
      throw LedgerError(error, path: path)
    } catch let error as LedgerError {
      throw error
    } catch {
      throw .io(path: path, reason: "\(error)")
    }
  }

  private static func check(_ database: Database, path: String, access: DeploymentLedger.Access, newest: Int64) throws {
    try Header.check(database.start(count: 100), path: path)
    try configure(database, writes: access == .readWrite)
    let mode = try database.text("PRAGMA journal_mode") ?? ""
    guard mode == "delete" else { throw LedgerError.wrongJournal(path: path, mode: mode) }
    if access == .readWrite, database.isReadOnly || !System.mayWrite(System.split(path).directory) {
      throw LedgerError.readOnly(path: path)
    }
    try parseSchema(database, path: path)
    let version = try database.integer("PRAGMA user_version") ?? 0
    guard access == .readOnly || version <= newest else {
      throw LedgerError.newerVersion(path: path, found: version, supported: newest)
    }
    guard version > 0 else { throw LedgerError.damaged(path: path, reason: "its format number is \(version)") }
  }

  /// Sets what a connection does not keep, and reads back what safety hangs on.
  static func configure(_ database: Database, writes: Bool) throws(SQLiteError) {
    let settings = [
      "synchronous=EXTRA", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "secure_delete=ON",
      "recursive_triggers=ON", "mmap_size=0",
    ]
    for setting in settings { try database.execute("PRAGMA \(setting)") }
    if !writes { try database.execute("PRAGMA query_only=ON") }
    guard try database.integer("PRAGMA synchronous") == 3 else {
      throw SQLiteError(code: SQLITE_ERROR, text: "SQLite did not take synchronous=EXTRA")
    }
  }

  /// A schema that SQLite cannot parse is damage, whatever code SQLite gives.
  private static func parseSchema(_ database: Database, path: String) throws {
    do {
      _ = try database.integer("SELECT count(*) FROM sqlite_schema")
      _ = try database.integer("SELECT seq FROM event WHERE seq = 1 AND hash IS NOT NULL AND type IS NOT NULL")
    } catch {
      guard error.primary == SQLITE_ERROR else { throw error }
      throw LedgerError.damaged(path: path, reason: error.text)
    }
  }
}

extension LedgerError {
  /// One place that turns SQLite's codes into what an operator can act on.
  init(_ error: SQLiteError, path: String) {
    switch error.primary {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(path: path)
    case SQLITE_FULL: self = .diskFull(path: path)
    case SQLITE_CORRUPT: self = .damaged(path: path, reason: error.text)
    case SQLITE_CONSTRAINT: self = .damaged(path: path, reason: "it refused an event: \(error.text)")
    case SQLITE_NOTADB: self = .notALedger(path: path, reason: error.text)
    case SQLITE_READONLY: self = .readOnly(path: path)
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
