extension Database {
  /// Inside a transaction runs `body` in it. Else runs it with the write lock held from the start, and commits. On an error nothing of it remains, unless the
  /// error came from COMMIT itself: see `SQLiteError.leavesDoubt`.
  func writing<Result>(_ body: () throws(LedgerFault) -> Result) throws(LedgerFault) -> Result {
    if isInTransaction { return try body() }
    try fault { () throws(SQLiteError) in try run("BEGIN IMMEDIATE") }
    do {
      let result = try body()
      try fault { () throws(SQLiteError) in try run("COMMIT") }
      return result
    } catch {
      if isInTransaction { try? run("ROLLBACK") }
      throw error
    }
  }

  /// Runs `body` on one snapshot, inside a transaction on that one's.
  func reading<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
    if isInTransaction { return try body() }
    try run("BEGIN")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      if isInTransaction { try? run("ROLLBACK") }
      throw error
    }
  }
}

/// Why a transaction ended without a commit: SQLite's reason, or the ledger's own.
enum LedgerFault: Error {
  case sqlite(SQLiteError)
  case ledger(LedgerError)
}

/// Lifts SQLite's errors.
func fault<Result>(_ body: () throws(SQLiteError) -> Result) throws(LedgerFault) -> Result {
  do { return try body() } catch { throw .sqlite(error) }
}
