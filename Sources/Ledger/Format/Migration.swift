/// How to get from one format to the next. Migrations are only ever added at the end of the list: the first one raises
/// format 1 to 2. Each runs in one transaction, which also appends its `migrated` event and raises `user_version`.
struct Migration: Sendable {
  /// What it adds, in a few words. The name is recorded.
  var name: String
  /// In the order in which they run. `verify` expects to find what they create.
  var statements: [String]

  /// Every migration. There is none yet, because format 1 is the only one that was released.
  static let all: [Migration] = []

  /// The format of a ledger after `migrations`.
  static func format(after migrations: some Collection<Migration>) -> Int64 {
    Schema.firstVersion + Int64(migrations.count)
  }
}

extension DeploymentLedger {
  /// Raises the file to the newest format that this program supports.
  func migrate() throws(LedgerError) {
    for (index, migration) in migrations.enumerated() {
      let format = Migration.format(after: migrations.prefix(index + 1))
      guard try self.format() < format else { continue }
      do {
        try database.writing { () throws(LedgerFault) in
          do throws(LedgerError) { try raise(to: format, by: migration) } catch { throw LedgerFault.ledger(error) }
        }
      } catch {
        throw LedgerError(error, path: path)
      }
    }
  }

  private func raise(to format: Int64, by migration: Migration) throws(LedgerError) {
    // Another process may have done it while this one waited for the lock.
    guard try self.format() < format else { return }
    var event = Event(.migrated)
    event[.name] = .text(migration.name)
    event[.format] = .integer(format)
    try append(
      event,
      add: { (database, _) throws(LedgerFault) in
        try fault { () throws(SQLiteError) in
          for statement in migration.statements { try database.execute(statement) }
          try database.execute("PRAGMA user_version=\(format)")
        }
      })
  }

  private func format() throws(LedgerError) -> Int64 {
    try read { (database) throws(SQLiteError) in try database.integer("PRAGMA user_version") } ?? 0
  }
}
