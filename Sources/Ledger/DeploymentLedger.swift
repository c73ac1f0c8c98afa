public import Platform

/// What happened: an append-only, hash-chained record of deployments in one SQLite file.
///
/// Every append is one transaction that is on the disk when the call returns: one event, or an end with its images.
/// Nothing is ever updated. Several processes may use one ledger; a call waits up to 10 seconds for another's transaction.
public actor DeploymentLedger {
  /// What a ledger is opened for.
  public enum Access: Sendable, Equatable {
    /// A missing ledger is an error. Nothing is written, but for ends of deployments that wait in spool files.
    case readOnly
    /// A missing ledger is made, with its directory (mode 0700); the file has mode 0600.
    case readWrite
  }

  /// The ledger's file. Links in its directory are resolved.
  public nonisolated let path: String
  /// Unique for this ledger, a lower-case UUID from its genesis.
  public nonisolated let id: String
  nonisolated let access: Access
  let migrations: [Migration]
  let now: @Sendable () -> Date
  var database: Database
  /// The seq of the last event that this value appended.
  public internal(set) var lastSeq: Int64?

  init(
    path: String, id: String, access: Access, now: @escaping @Sendable () -> Date, migrations: [Migration],
    database: sending Database
  ) {
    self.path = path
    self.id = id
    self.access = access
    self.now = now
    self.migrations = migrations
    self.database = database
  }

  /// Opens the ledger at `path`.
  ///
  /// Ends of deployments that wait in spool files are recorded first; where this user may only read, they go on waiting.
  /// With `readWrite` the file is raised to the newest format, and its id is kept beside it.
  /// `now` is the clock.
  ///
  /// - Throws: `.missing` for `readOnly` where there is none, `.replaced` where another one was there, and every condition
  ///   that makes the file unusable.
  public static func open(
    path: String, access: Access, now: @escaping @Sendable () -> Date = { Date() }
  ) async throws(LedgerError) -> DeploymentLedger {
    try await open(path: path, access: access, now: now, migrations: Migration.all)
  }

  /// Tests pass migrations of their own.
  static func open(
    path: String, access: Access, now: @escaping @Sendable () -> Date = { Date() }, migrations: [Migration]
  ) async throws(LedgerError) -> DeploymentLedger {
    if access == .readWrite { try System.makeDirectory(System.split(path).directory) }
    let path = System.resolved(path)
    // Before the ledger is looked for: whoever makes one gives it its name first.
    let known = Result { () throws(LedgerError) in try LedgerIdentityFile.known(beside: path) }
    if try FileKind(path: path) == .missing {
      if let known = try known.get() { try LedgerIdentityFile.check(nil, against: known, path: path) }
      if access == .readWrite { try Creation.create(path: path, at: milliseconds(of: now())) }
    }
    if access == .readOnly, !SpooledFinish.files(beside: path).isEmpty {
      _ = try? await open(path: path, access: .readWrite, now: now, migrations: migrations)
    }
    let database = try Connection.open(path: path, access: access, newest: Migration.format(after: migrations))
    let ledger = DeploymentLedger(
      path: path, id: try genesis(of: database, path: path), access: access, now: now, migrations: migrations,
      database: database)
    if access == .readWrite { try await ledger.settle() }
    return ledger
  }

  /// What comes before the first append.
  private func settle() throws(LedgerError) {
    if let known = try LedgerIdentityFile.known(beside: path) {
      try LedgerIdentityFile.check(id, against: known, path: path)
    } else {
      try LedgerIdentityFile.settle(id, at: path)
    }
    try migrate()
    try ingestSpool()
  }

  private static func genesis(of database: Database, path: String) throws(LedgerError) -> String {
    let sql = "SELECT uuid FROM event WHERE seq = 1 AND type = 'genesis'"
    do {
      guard let id = try database.text(sql) else {
        throw LedgerFault.ledger(.damaged(path: path, reason: "it has no genesis"))
      }
      return id
    } catch let error as SQLiteError {
      throw LedgerError(error, path: path)
    } catch {
      throw .damaged(path: path, reason: "it has no genesis")
    }
  }

  /// Runs a read on one snapshot.
  func read<Result>(_ body: (Database) throws(SQLiteError) -> Result) throws(LedgerError) -> Result {
    do {
      return try database.reading { () throws(SQLiteError) in try body(database) }
    } catch {
      throw LedgerError(error, path: path)
    }
  }
}
