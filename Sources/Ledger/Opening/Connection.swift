internal import CSQLite

/// Opens a ledger's file with every setting that its safety depends on, or throws the reason why it cannot.
enum Connection {
  /// Throws if the file is damaged, even where SQLite would not notice; for an inspection, that kind of damage is returned.
  /// With `readWrite`, also throws if the file is read-only or of a newer format than the one after `migrations`.
  static func open(
    path: String, access: DeploymentLedger.Access, migrations: [Migration]
  ) throws(LedgerError) -> (database: Database, damage: String?) {
    switch try FileKind(path: path) {
    case .missing: throw .missing(path: path)
    case .other(let kind): throw .wrongKind(path: path, kind: kind)
    case .regular(bytes: 0): throw .notALedger(path: path, reason: "it is empty")
    case .regular: break
    }
    if let type = NetworkFilesystem.type(under: System.split(path).directory) {
      throw .networkFilesystem(path: path, type: type)
    }
    let database: Database
    let start: [UInt8]?
    do {
      database = try Database(path: path)
      start = try database.firstBytes(count: 100)
    } catch {
      throw LedgerError(error, path: path)
    }
    try Header.check(start, path: path)
    return (database, try check(database, path: path, access: access, migrations: migrations))
  }

  /// Configures the connection and returns what is damaged.
  private static func check(
    _ database: Database, path: String, access: DeploymentLedger.Access, migrations: [Migration]
  ) throws(LedgerError) -> String? {
    let newest = Migration.format(after: migrations)
    let (mode, format, damage): (String, Int64, String?)
    do {
      mode = try database.limited(by: WorkLimit(steps: 2_000_000)) { () throws(SQLiteError) in
        try configure(database, isWriter: access == .readWrite)
        return try database.text("PRAGMA journal_mode") ?? ""
      }
      (format, damage) = try database.reading { () throws(SQLiteError) in
        let format = try database.integer("PRAGMA user_version") ?? 0
        return (format, try self.damage(of: database, after: migrations, isKnown: format <= newest))
      }
    } catch {
      throw LedgerError(error, path: path)
    }
    guard mode == "delete" else { throw .wrongJournal(path: path, mode: mode) }
    if access == .readWrite, database.isReadOnly || !System.canWrite(System.split(path).directory) {
      throw .readOnly(path: path)
    }
    guard access != .readWrite || format <= newest else {
      throw .newerVersion(path: path, found: format, supported: newest)
    }
    guard format > 0 else { throw .damaged(path: path, reason: "its format number is \(format)") }
    if access != .inspection, let damage { throw .damaged(path: path, reason: damage) }
    return damage
  }

  /// What is damaged although SQLite accepts it. The tables of a newer format are unknown, so they are not compared.
  private static func damage(
    of database: Database, after migrations: [Migration], isKnown: Bool
  ) throws(SQLiteError) -> String? {
    let missing = try database.missingBytes()
    if missing > 0 { return "the last \(missing) bytes of the file are missing" }
    guard isKnown else { return nil }
    if let change = try SchemaCheck(of: database, after: migrations).firstForReading { return change }
    // The chain starts at the genesis, so no hash covers what comes before it.
    let early = "SELECT 1 FROM event WHERE seq < 1 UNION ALL SELECT 1 FROM output WHERE seq < 1 LIMIT 1"
    return try database.integer(early) == nil ? nil : "it has rows from before its genesis"
  }

  /// Sets what a file does not store, and reads back the setting that durability depends on.
  static func configure(_ database: Database, isWriter: Bool) throws(SQLiteError) {
    let settings = [
      "synchronous=EXTRA", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "secure_delete=ON",
      "recursive_triggers=ON", "mmap_size=0",
    ]
    for setting in settings { try database.execute("PRAGMA \(setting)") }
    if !isWriter { try database.execute("PRAGMA query_only=ON") }
    guard try database.integer("PRAGMA synchronous") == 3 else {
      throw SQLiteError(code: SQLITE_INTERNAL, text: "SQLite did not accept synchronous=EXTRA")
    }
  }
}
