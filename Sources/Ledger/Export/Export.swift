extension DeploymentLedger {
  /// Writes every event up to the head to `sink`, a line at a time. It reads in short transactions, so that memory stays
  /// small and deployments can continue; what they append meanwhile is not exported.
  ///
  /// An export that returns is complete, and every event in it matches its hash. The events of a newer format are exported
  /// as far as this program knows their columns, and their hashes are not checked.
  ///
  /// - Throws: What `sink` throws. For a damaged ledger `LedgerError.damaged` with the first problem, after all events that
  ///   could be read have been written.
  public func export(_ format: ExportFormat, to sink: (String) throws -> Void) throws {
    var walk = try startExport(format)
    if let header = format.header { try sink(header) }
    var hasMore = true
    while hasMore {
      var lines: [String] = []
      let page = Result { () throws(LedgerError) in
        try readRemains { (database) throws(SQLiteError) in try walk.advance(database, into: &lines) }
      }
      for line in lines { try sink(line) }
      switch page {
      case .success(let more): hasMore = more
      case .failure(.damaged(_, let reason)):
        walk.note(reason)
        hasMore = false
      case .failure(let error): throw error
      }
    }
    if let problem = walk.problem { throw LedgerError.damaged(path: path, reason: problem) }
  }

  private func startExport(_ format: ExportFormat) throws(LedgerError) -> ExportWalk {
    let version = try readRemains { (database) throws(SQLiteError) in try database.integer("PRAGMA user_version") } ?? 0
    let isKnown = version <= Migration.format(after: migrations)
    do {
      let head = try head()
      return ExportWalk(format: format, ledgerID: id, last: head.seq, checksHashes: isKnown)
    } catch .damaged(_, let reason) {
      // The last page is unreadable or missing. The events before it may be intact.
      return ExportWalk(format: format, ledgerID: id, last: .max, checksHashes: isKnown, problem: reason)
    }
  }
}

/// Reads the events in their order and turns them into lines.
private struct ExportWalk {
  static let eventsPerPage = 500

  let format: ExportFormat
  let ledgerID: String
  /// The seq of the last event to export.
  let last: Int64
  let checksHashes: Bool
  private(set) var problem: String?
  private var seq: Int64 = 0
  private var hash = Chain.origin
  /// Steps whose output is missing, in their order.
  private var withoutOutput: [Int64] = []

  init(format: ExportFormat, ledgerID: String, last: Int64, checksHashes: Bool, problem: String? = nil) {
    self.format = format
    self.ledgerID = ledgerID
    self.last = last
    self.checksHashes = checksHashes
    self.problem = problem
  }

  /// Reads a page of events, and returns whether there may be more. A page without progress, which only a damaged file has,
  /// is the last one. After an error, `lines` has what was read before it.
  mutating func advance(_ database: Database, into lines: inout [String]) throws(SQLiteError) -> Bool {
    let statement = try database.prepare(
      """
      SELECT \(Self.columns), e.hash, o.salt, o.text FROM event AS e LEFT JOIN output AS o ON o.seq = e.seq
      WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT \(Self.eventsPerPage)
      """)
    try statement.bind([.integer(seq), .integer(last)])
    let first = seq
    while try statement.step() {
      if let line = read(statement) { lines.append(line) }
    }
    if seq == first, seq < last, last < .max { noteMissing(seq + 1, last) }
    guard seq > first, seq < last else {
      try checkPurges(database)
      return false
    }
    return true
  }

  /// Missing output must have been purged, if not before the last event to export, then while the export ran.
  private mutating func checkPurges(_ database: Database) throws(SQLiteError) {
    let sql = "SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = ? AND seq >= 1"
    for step in withoutOutput where try database.integer(sql, [.integer(step)]) == nil {
      note("the output of step event \(step) is missing and was not purged")
    }
  }

  private mutating func read(_ row: borrowing Statement) -> String? {
    let event = Event(row)
    let stored = row.blob(Column.count) ?? []
    let output = row.remainingText(Column.count + 2)
    guard let found = event.integer(.seq), found > seq, found <= last else {
      note("the events after event \(seq) are not in order")
      return nil
    }
    if found > seq + 1 { noteMissing(seq + 1, found - 1) }
    if checksHashes {
      if event.hash(ledgerID: ledgerID, previous: hash) != stored { note("event \(found) does not match its hash") }
      if !Self.isExact(row) { note("event \(found) has a value that is not valid") }
      checkOutput(of: event, row, seq: found)
    }
    seq = found
    hash = stored
    return format.line(event, hash: stored, output: output)
  }

  private mutating func checkOutput(of event: Event, _ row: borrowing Statement, seq: Int64) {
    let digest = event.blob(.outputDigest)
    guard row.storage(Column.count + 2) != 5 else {
      if digest != nil { withoutOutput.append(seq) }
      return
    }
    if let problem = StoredOutput.problem(row, salt: Column.count + 1, text: Column.count + 2, digest: digest) {
      note("the output of step event \(seq) \(problem)")
    }
  }

  /// True if the exported values are the stored ones: each of its column's type, and each text valid UTF-8.
  private static func isExact(_ row: borrowing Statement) -> Bool {
    Column.allCases.allSatisfy { column in
      let storage = row.storage(column.index)
      return storage == 5
        || storage == column.storage && (storage != 3 || row.withBytes(column.index, StoredText.isValid))
    }
  }

  private mutating func noteMissing(_ first: Int64, _ last: Int64) {
    note(first == last ? "event \(first) is missing" : "events \(first) to \(last) are missing")
  }

  /// Keeps the first problem.
  mutating func note(_ problem: String) {
    if self.problem == nil { self.problem = problem }
  }

  private static let columns = Column.allCases.map { "e.\($0.name)" }.joined(separator: ", ")
}
