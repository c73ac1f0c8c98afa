/// One event to be appended, and what only the transaction can add to it.
struct Draft {
  /// Completes the event with what only the transaction knows, such as the next number.
  typealias Fill = (Database, inout Event) throws(LedgerFault) -> Void
  /// What goes into the transaction besides the event's row.
  typealias Beside = (Database, Event) throws(LedgerFault) -> Void

  var event: Event
  /// Unix milliseconds; `nil` for now.
  var at: Int64?
  var fill: Fill = { (_, _) throws(LedgerFault) in }
  var beside: Beside = { (_, _) throws(LedgerFault) in }
}

extension DeploymentLedger {
  /// Appends one event in a transaction of its own, and returns it as it was stored.
  @discardableResult
  func append(
    _ event: Event, at: Int64? = nil,
    fill: @escaping Draft.Fill = { (_, _) throws(LedgerFault) in },
    beside: @escaping Draft.Beside = { (_, _) throws(LedgerFault) in }
  ) throws(LedgerError) -> Event {
    try append([Draft(event: event, at: at, fill: fill, beside: beside)])
  }

  /// Appends events that are true together or not at all, in one transaction, and returns the last as it was stored.
  ///
  /// A commit that failed may still have happened: then the file is opened anew, the last event is looked up by its hash,
  /// which covers those before it, and only where it is not there the append is tried once more. There is at least one.
  @discardableResult
  func append(_ drafts: [Draft]) throws(LedgerError) -> Event {
    guard access == .readWrite else { throw .readOnly(path: path) }
    var tried: (event: Event, hash: [UInt8])?
    var isRetry = false
    while true {
      do {
        try database.writing { () throws(LedgerFault) in
          let tail = try fault { () throws(SQLiteError) in try database.tail() }
          guard var tail else { throw LedgerFault.ledger(.damaged(path: path, reason: "it has no events")) }
          for draft in drafts {
            var event = draft.event
            event[.seq] = .integer(tail.seq + 1)
            let at = draft.at ?? milliseconds(of: now())
            event[.at] = .integer(at)
            try draft.fill(database, &event)
            let hash = event.hash(ledgerID: id, previous: tail.hash)
            tried = (event, hash)
            try fault { () throws(SQLiteError) in try database.insert(event, hash: hash) }
            try draft.beside(database, event)
            tail = Tail(seq: tail.seq + 1, hash: hash, at: at)
          }
        }
        guard let event = tried?.event else { preconditionFailure() }  // without a draft
        lastSeq = event.integer(.seq)
        return event
      } catch {
        guard case .sqlite(let failure) = error, failure.leavesDoubt else { throw LedgerError(error, path: path) }
        if let event = try recovered(tried) { return event }
        guard !isRetry, failure.primary == SQLiteError.inputOutput else { throw LedgerError(error, path: path) }
        isRetry = true
      }
    }
  }

  /// Opens the file anew, which repairs what a failed transaction left, and says whether the event is there after all.
  private func recovered(_ tried: (event: Event, hash: [UInt8])?) throws(LedgerError) -> Event? {
    database = try Connection.open(path: path, access: access, newest: Migration.format(after: migrations))
    guard let tried else { return nil }
    let isThere = try read { (database) throws(SQLiteError) in try database.holds(tried.event, hash: tried.hash) }
    guard isThere else { return nil }
    lastSeq = tried.event.integer(.seq)
    return tried.event
  }

  /// Runs several appends as one transaction, for ledgers that are made for tests and benchmarks. A deployment's events
  /// are each durable on their own. Pages stay in memory until the commit, up to 256 MiB of them.
  @_spi(Fixture)
  public func together(_ body: @Sendable (isolated DeploymentLedger) throws(LedgerError) -> Void) throws(LedgerError) {
    do {
      try fault { () throws(SQLiteError) in try database.execute("PRAGMA cache_size=-262144") }
      try database.writing { () throws(LedgerFault) in
        do throws(LedgerError) { try body(self) } catch { throw LedgerFault.ledger(error) }
      }
    } catch {
      throw LedgerError(error, path: path)
    }
  }
}

extension Database {
  /// The newest event's seq, hash and time; `nil` in an empty table.
  func tail() throws(SQLiteError) -> Tail? {
    let statement = try prepare("SELECT seq, hash, at FROM event ORDER BY seq DESC LIMIT 1")
    guard try statement.step(), let seq = statement.integer(0), let hash = statement.blob(1) else { return nil }
    return Tail(seq: seq, hash: hash, at: statement.integer(2) ?? 0)
  }

  /// True where this very event is stored: its hash covers its content, its place and its ledger.
  func holds(_ event: Event, hash: [UInt8]) throws(SQLiteError) -> Bool {
    try integer("SELECT 1 FROM event WHERE seq = ? AND hash = ?", [event[.seq], .blob(hash)]) == 1
  }
}
