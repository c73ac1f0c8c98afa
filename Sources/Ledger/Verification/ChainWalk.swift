/// Reads the events in their order, a limited number at a time, and recomputes the chain over the stored bytes.
struct ChainWalk {
  private(set) var seq: Int64
  private(set) var hash: [UInt8]
  private(set) var events: Int64 = 0
  private(set) var problems: [Verification.Problem] = []
  private(set) var consistency: EventConsistency
  /// The first event that is older than the one before it.
  private(set) var clockWentBack: Int64?
  private var lastAt = Int64.min
  private let ledgerID: [UInt8]
  private let isWhole: Bool
  private var buffer: [UInt8] = []

  init(ledgerID: String, since: Head?, migrations: [Migration]) {
    consistency = EventConsistency(migrations: migrations)
    self.ledgerID = Array(ledgerID.utf8)
    seq = since?.seq ?? 0
    hash = since.flatMap { Hex.bytes($0.hash) } ?? Chain.origin
    isWhole = since == nil
  }

  /// Relies on everything up to the event to start from, which was proven earlier.
  mutating func resume(_ database: Database) throws(SQLiteError) { try consistency.resume(database, after: seq) }

  /// Reads the next events, in the caller's transaction. Returns false at the end; then the derived tables have been compared
  /// too, in the same transaction, so a writer that never pauses cannot keep the walk going for ever.
  mutating func advance(_ database: Database, by count: Int) throws(SQLiteError) -> Bool {
    let statement = try database.prepare(
      "SELECT \(Column.list), hash FROM event WHERE seq > ? ORDER BY seq LIMIT \(count)")
    try statement.bind([.integer(seq)])
    var read = 0
    while try statement.step() {
      read += 1
      guard try check(statement, database) else { return false }
    }
    guard read < count else { return true }
    try consistency.compareTables(database, isWhole: isWhole)
    return false
  }

  /// Returns false for an event that does not come after the one before it: in a damaged file the walk could go round in
  /// circles.
  private mutating func check(_ row: borrowing Statement, _ database: Database) throws(SQLiteError) -> Bool {
    let found = row.integer(Column.seq.index) ?? 0
    guard found > seq else {
      problems.append(.init(seq: found, what: "the event comes after event \(seq)"))
      return false
    }
    if found != seq + 1 {
      problems.append(
        .init(seq: seq + 1, what: found == seq + 2 ? "the event is missing" : "events up to \(found - 1) are missing"))
    }
    let stored = row.storage(Column.count) == 4 ? row.blob(Column.count) ?? [] : []
    var shape = EventShape()
    if digest(row, &shape) != stored {
      problems.append(.init(seq: found, what: "the event or the one before it was changed: its hash does not match"))
    }
    let at = row.integer(Column.at.index) ?? 0
    if at < lastAt, clockWentBack == nil { clockWentBack = found }
    lastAt = at
    try consistency.check(row, seq: found, shape, previous: hash, database)
    seq = found
    hash = stored
    events += 1
    return true
  }

  /// Hashes the columns as they are stored, without decoding them, and notes what they are.
  private mutating func digest(_ row: borrowing Statement, _ shape: inout EventShape) -> [UInt8] {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: Chain.eventDomain)
    buffer.append(contentsOf: ledgerID)
    buffer.append(contentsOf: hash)
    for index in 0..<Column.count {
      let column = Int(index) + 1
      let storage = row.storage(index)
      guard storage != 5 else { continue }
      shape.add(index, storage: storage)
      switch storage {
      case 1: Chain.encodeInteger(row.integer(index) ?? 0, column: column, into: &buffer)
      case 3:
        row.withBytes(index) { bytes in
          shape.addText(index, bytes)
          Chain.encodeBytes(bytes, column: column, type: 2, into: &buffer)
        }
      case 4: row.withBytes(index) { Chain.encodeBytes($0, column: column, type: 3, into: &buffer) }
      default: break
      }
    }
    return sha256(buffer)
  }
}
