extension Database {
  /// Runs `body` with the write lock held from the start, and commits; inside a transaction, runs it as part of that one.
  /// After an error nothing of it remains, unless COMMIT itself failed: see `SQLiteError.leavesDoubt`.
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

  /// Runs `body` on one snapshot; inside a transaction, on that one's.
  ///
  /// However its pages refer to each other, a damaged file cannot keep `body` busy for ever: its statements are
  /// interrupted after a number of steps that only such a file can need.
  func reading<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
    if isInTransaction { return try body() }
    try run("BEGIN")
    do {
      let steps = max(2_000_000, 20_000 * (try pageCount()))
      let result = try limited(by: WorkLimit(steps: steps), body)
      try run("COMMIT")
      return result
    } catch {
      if isInTransaction { try? run("ROLLBACK") }
      throw error
    }
  }

  /// The number of pages that the file's header names.
  private func pageCount() throws(SQLiteError) -> Int64 { try integer("PRAGMA page_count") ?? 0 }

  /// How many bytes the end of the file lacks. SQLite itself does not notice that the last page is only partly there, and
  /// reads zeros instead. Only meaningful inside a transaction, since others may append.
  func missingBytes() throws(SQLiteError) -> Int64 {
    let expected = (try pageCount()) * (try integer("PRAGMA page_size") ?? 0)
    return max(0, expected - (try fileSize()))
  }
}

/// Why a transaction ended without a commit: SQLite's reason, or the ledger's own.
enum LedgerFault: Error {
  case sqlite(SQLiteError)
  case ledger(LedgerError)
}

/// Turns SQLite's errors into faults.
func fault<Result>(_ body: () throws(SQLiteError) -> Result) throws(LedgerFault) -> Result {
  do { return try body() } catch { throw .sqlite(error) }
}
