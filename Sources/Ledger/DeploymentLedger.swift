public import Platform

/// What happened: an append-only, hash-chained record of deployments in one SQLite file.
///
/// Every append is one transaction that is on the disk when the call returns: one event, or the end of a deployment with
/// its last steps and its images. Nothing is ever updated. Several processes can use one ledger; a call waits up to 10
/// seconds for another process's transaction.
public actor DeploymentLedger {
  /// What a ledger is opened for.
  public enum Access: Sendable, Equatable {
    /// A missing ledger is an error. Nothing is written, except the ends of deployments that wait in spool files.
    case readOnly
    /// The same, for `verify` and `export`: they can also read what is left of a damaged ledger. Everything else throws.
    case inspection
    /// A missing ledger is created, with its directory (mode 0700); the file has mode 0600.
    case readWrite
  }

  /// The ledger's file. Symbolic links in its directory are resolved.
  public nonisolated let path: String
  /// Unique to this ledger: a lower-case UUID from its genesis.
  public nonisolated let id: String
  nonisolated let access: Access
  let migrations: [Migration]
  let now: @Sendable () -> Date
  var database: Database
  /// What is damaged, if this is an inspection; `nil` if nothing was found when the file was opened.
  nonisolated let damage: String?
  /// The seq of the last event that this value appended.
  public internal(set) var lastSeq: Int64?

  init(
    path: String, id: String, access: Access, now: @escaping @Sendable () -> Date, migrations: [Migration],
    database: sending Database, damage: String?
  ) {
    self.path = path
    self.id = id
    self.access = access
    self.now = now
    self.migrations = migrations
    self.database = database
    self.damage = damage
  }

  /// Opens the ledger at `path`.
  ///
  /// Ends of deployments that wait in spool files are recorded first. If this user can only read the ledger, they stay in
  /// their files. With `readWrite`, the file is raised to the newest format, and its id is stored beside it.
  /// `now` is the clock.
  ///
  /// - Throws: `.missing` if there is no ledger to read, `.replaced` if another one was there before, and an error for
  ///   every condition that makes the file unusable.
  public static func open(
    path: String, access: Access, now: @escaping @Sendable () -> Date = { Date() }
  ) async throws(LedgerError) -> DeploymentLedger {
    try await open(path: path, access: access, now: now, migrations: Migration.all)
  }

  /// Tests pass their own migrations.
  static func open(
    path: String, access: Access, now: @escaping @Sendable () -> Date = { Date() }, migrations: [Migration]
  ) async throws(LedgerError) -> DeploymentLedger {
    if access == .readWrite { try System.makeDirectory(System.split(path).directory) }
    let path = System.resolved(path)
    // Read before the ledger itself: a process that creates a ledger stores the id last.
    let known = Result { () throws(LedgerError) in try LedgerIdentityFile.read(beside: path) }
    if try FileKind(path: path) == .missing {
      if let known = try known.get() { try LedgerIdentityFile.check(nil, against: known, path: path) }
      if access == .readWrite { try Creation.create(path: path, at: milliseconds(of: now())) }
    }
    if access != .readWrite, !SpooledFinish.files(beside: path).isEmpty {
      _ = try? await open(path: path, access: .readWrite, now: now, migrations: migrations)
    }
    let (database, damage) = try Connection.open(path: path, access: access, migrations: migrations)
    let ledger = DeploymentLedger(
      path: path, id: try genesis(of: database, path: path), access: access, now: now, migrations: migrations,
      database: database, damage: damage)
    if access == .readWrite { try await ledger.prepareForWriting() }
    return ledger
  }

  /// Everything that comes before the first append.
  private func prepareForWriting() throws(LedgerError) {
    if let known = try LedgerIdentityFile.read(beside: path) {
      try LedgerIdentityFile.check(id, against: known, path: path)
    } else {
      try LedgerIdentityFile.write(id, beside: path)
    }
    try migrate()
    try ingestSpool()
  }

  private static func genesis(of database: Database, path: String) throws(LedgerError) -> String {
    let id: String?
    do {
      id = try database.reading { () throws(SQLiteError) in
        try database.rows("SELECT uuid FROM event WHERE seq = 1 AND type = 'genesis'") { row in
          // Every hash covers the id. With one of another length, bytes could move between it and what follows.
          row.withBytes(0) { UInt128(uuid: $0) == nil ? "" : String(decoding: $0, as: UTF8.self) }
        }.first
      }
    } catch {
      throw LedgerError(error, path: path)
    }
    guard let id else { throw .damaged(path: path, reason: "it has no genesis") }
    guard !id.isEmpty else { throw .damaged(path: path, reason: "its genesis has no valid id") }
    return id
  }

  /// Runs a read on one snapshot. Throws if the file is known to be damaged.
  func read<Result>(_ body: (Database) throws(SQLiteError) -> Result) throws(LedgerError) -> Result {
    if let damage { throw .damaged(path: path, reason: damage) }
    return try readRemains(body)
  }

  /// Runs a read on one snapshot of a file that may be damaged. The caller checks every event that it reads.
  func readRemains<Result>(_ body: (Database) throws(SQLiteError) -> Result) throws(LedgerError) -> Result {
    do {
      return try database.reading { () throws(SQLiteError) in try body(database) }
    } catch {
      throw LedgerError(error, path: path)
    }
  }
}
