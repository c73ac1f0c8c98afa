/// Checks whether the events make sense together: starts match ends, outputs match their digests, purged outputs are gone,
/// and the tables that only speed up queries agree with the events.
struct EventConsistency {
  private(set) var deployments: Int64 = 0
  private(set) var problems: [Verification.Problem] = []
  /// The targets to whose hosts the ledger's head was written.
  private(set) var anchored: Set<String> = []
  private var inFlight: Set<Int64> = []
  private var newest: Int64 = 0
  private var covered: Int64 = 0
  private var texts: Int64 = 0
  /// Steps whose output is missing, until a purge explains it.
  private var withoutText: Set<Int64> = []

  /// Starts after an event up to which everything was proven earlier.
  mutating func resume(_ database: Database, after seq: Int64) throws(SQLiteError) {
    let starts = "SELECT coalesce(max(deployment), 0) FROM event WHERE type = 'started' AND seq <= ?"
    newest = try database.integer(starts, [.integer(seq)]) ?? 0
    let open = """
      SELECT deployment FROM event AS s WHERE type = 'started' AND seq <= ?1 AND NOT EXISTS
        (SELECT 1 FROM event AS f INDEXED BY finished_deployment
         WHERE f.type = 'finished' AND f.deployment = s.deployment AND f.seq <= ?1)
      """
    inFlight = Set(try database.rows(open, [.integer(seq)]) { $0.integer(0) ?? 0 })
  }

  mutating func check(_ row: borrowing Statement, seq: Int64, _ database: Database) throws(SQLiteError) {
    let type = row.text(Column.type.index).flatMap(EventType.init)
    let deployment = row.integer(Column.deployment.index) ?? 0
    switch type {
    case .genesis:
      if seq != 1 { problem(seq, "a second genesis") }
    case .started: try start(deployment, row, seq, database)
    case .step:
      if !inFlight.contains(deployment) { problem(seq, "a step of deployment \(deployment), which is not in flight") }
      try text(row, seq, database)
    case .image:
      if !inFlight.contains(deployment) { problem(seq, "an image of deployment \(deployment), which is not in flight") }
    case .finished:
      if inFlight.remove(deployment) == nil {
        problem(seq, "an end of deployment \(deployment), which is not in flight")
      }
      if row.text(Column.outcome.index).flatMap(Outcome.init) == nil { problem(seq, "an unknown outcome") }
    case .purged:
      let subject = row.integer(Column.subject.index) ?? 0
      if withoutText.remove(subject) == nil { texts -= 1 }
      if try database.integer("SELECT 1 FROM output WHERE seq = ?", [.integer(subject)]) != nil {
        problem(seq, "the output of step event \(subject) was purged, but is still there")
      }
    case .anchored: if let target = row.text(Column.target.index) { anchored.insert(target) }
    case .migrated: break
    case nil: problem(seq, "an unknown type of event")
    }
    if seq == 1, type != .genesis { problem(seq, "the ledger does not start with its genesis") }
  }

  private mutating func start(
    _ deployment: Int64, _ row: borrowing Statement, _ seq: Int64, _ database: Database
  ) throws(SQLiteError) {
    deployments += 1
    if deployment != newest &+ 1 { problem(seq, "deployment \(deployment) follows deployment \(newest)") }
    newest = max(newest, deployment)
    inFlight.insert(deployment)
    for service in Set(splitList(row.text(Column.services.index))) {
      covered += 1
      let sql = "SELECT 1 FROM coverage WHERE service = ? AND deployment = ?"
      if try database.integer(sql, [.text(service), .integer(deployment)]) == nil {
        problem(seq, "the coverage table has no row for \(service) of deployment \(deployment)")
      }
    }
  }

  private mutating func text(_ row: borrowing Statement, _ seq: Int64, _ database: Database) throws(SQLiteError) {
    guard let digest = row.blob(Column.outputDigest.index) else { return }
    let output = try database.prepare("SELECT salt, text FROM output WHERE seq = ?")
    try output.bind([.integer(seq)])
    guard try output.step() else {
      withoutText.insert(seq)
      return
    }
    texts += 1
    let found = output.withBytes(1) { text in
      sha256(Chain.outputDomain + (output.blob(0) ?? []) + Array(text))
    }
    if found != digest { problem(seq, "the step's output does not match its digest") }
  }

  /// Called in the transaction that reached the last event.
  mutating func compareTables(_ database: Database, isWhole: Bool) throws(SQLiteError) {
    for seq in withoutText.sorted() { problem(seq, "the step's output is missing and was not purged") }
    let stored = Set(try database.rows("SELECT deployment FROM in_flight") { $0.integer(0) ?? 0 })
    for id in stored.symmetricDifference(inFlight).sorted() {
      problem(nil, "the in-flight table and the events disagree on deployment \(id)")
    }
    guard isWhole else { return }
    // Not count(*): SQLite counts those in one step, which a `WorkLimit` cannot interrupt.
    if try database.integer("SELECT count(deployment) FROM coverage") != covered {
      problem(nil, "the coverage table has rows without a start")
    }
    if try database.integer("SELECT count(seq) FROM output") != texts {
      problem(nil, "there is output without a step")
    }
  }

  private mutating func problem(_ seq: Int64?, _ what: String) {
    if problems.count < 100 { problems.append(.init(seq: seq, what: what)) }
  }
}
