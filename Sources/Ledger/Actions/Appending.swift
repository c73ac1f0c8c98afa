/// An event that is about to be appended, with what only its transaction can add.
struct Draft {
  /// Completes the event with what is only known inside the transaction, such as the next deployment number.
  typealias Completion = (Database, inout Event) throws(LedgerFault) -> Void
  /// Writes to other tables in the same transaction, after the event's row.
  typealias Addition = (Database, Event) throws(LedgerFault) -> Void

  var event: Event
  /// Unix milliseconds; `nil` for now.
  var at: Int64?
  var complete: Completion = { (_, _) throws(LedgerFault) in }
  var add: Addition = { (_, _) throws(LedgerFault) in }
}

extension DeploymentLedger {
  /// Appends one event in a transaction of its own, and returns it as it was stored.
  @discardableResult
  func append(
    _ event: Event, complete: @escaping Draft.Completion = { (_, _) throws(LedgerFault) in },
    add: @escaping Draft.Addition = { (_, _) throws(LedgerFault) in }
  ) throws(LedgerError) -> Event {
    try append([Draft(event: event, complete: complete, add: add)])
  }

  /// Appends at least one event, all of them or none, in one transaction. Returns the last one as it was stored.
  ///
  /// A commit that failed may have happened all the same. Then the file is opened again and the last event is looked up by
  /// its hash, which also covers the events before it. Only if it is not there, the append is tried once more.
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
            try draft.complete(database, &event)
            let hash = event.hash(ledgerID: id, previous: tail.hash)
            tried = (event, hash)
            try fault { () throws(SQLiteError) in try database.insert(event, hash: hash) }
            try draft.add(database, event)
            tail = Tail(seq: tail.seq + 1, hash: hash, at: at)
          }
        }
        guard let event = tried?.event else { preconditionFailure("no drafts") }
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

  /// Opens the file again, which undoes what a failed transaction left, and returns the event if it is there after all.
  private func recovered(_ tried: (event: Event, hash: [UInt8])?) throws(LedgerError) -> Event? {
    database = try Connection.open(path: path, access: access, migrations: migrations).database
    guard let tried else { return nil }
    let isStored = try read { (database) throws(SQLiteError) in try database.contains(tried.event, hash: tried.hash) }
    guard isStored else { return nil }
    lastSeq = tried.event.integer(.seq)
    return tried.event
  }

  /// Runs several appends as one transaction, to make ledgers for tests and benchmarks. A deployment's own events are each
  /// durable when their append returns. Pages stay in memory until the commit, up to 256 MiB.
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
    let statement = try prepare("SELECT seq, hash, at FROM event WHERE seq >= 1 ORDER BY seq DESC LIMIT 1")
    guard try statement.step() else { return nil }
    let seq = try statement.integer(0, "seq")
    guard let hash = statement.blob(1), hash.count == 32, seq > 0, seq < .max,
      // In a damaged file the last row is not always the newest.
      try integer("SELECT seq FROM event WHERE seq > ? LIMIT 1", [.integer(seq)]) == nil
    else { throw .corrupt("its last event is not valid") }
    return Tail(seq: seq, hash: hash, at: try statement.integer(2, "time"))
  }

  /// True if this very event is stored: its hash covers its content, its position and its ledger.
  func contains(_ event: Event, hash: [UInt8]) throws(SQLiteError) -> Bool {
    try integer("SELECT 1 FROM event WHERE seq = ? AND hash = ?", [event[.seq], .blob(hash)]) == 1
  }
}
