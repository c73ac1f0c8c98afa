/// Checks whether the events make sense together: starts match ends, outputs match their digests, purged outputs are gone,
/// what an event refers to is there, and the tables that only speed up queries agree with the events.
struct EventConsistency {
  private(set) var deployments: Int64 = 0
  private(set) var problems: [Verification.Problem] = []
  /// The targets to whose hosts the ledger's head was written.
  private(set) var anchored: Set<String> = []
  /// The deployments that have not ended, with the bytes of their target's name.
  private var inFlight: [Int64: [UInt8]] = [:]
  private var newest: Int64 = 0
  private var covered: Int64 = 0
  private var texts: Int64 = 0
  /// Steps whose output is missing, until a purge explains it.
  private var withoutText: Set<Int64> = []
  private var purged: Set<Int64> = []
  private var identities = DeploymentIdentities()
  /// What the genesis and the migrations so far say; `nil` if neither was read.
  private var format: Int64?
  private let migrations: [Migration]

  init(migrations: [Migration]) { self.migrations = migrations }

  /// Starts after an event up to which everything was proven earlier.
  mutating func resume(_ database: Database, after seq: Int64) throws(SQLiteError) {
    let starts = """
      SELECT coalesce(max(deployment), 0) FROM event INDEXED BY started_deployment
      WHERE type = 'started' AND seq BETWEEN 1 AND ?
      """
    newest = try database.integer(starts, [.integer(seq)]) ?? 0
    let open = """
      SELECT deployment, target FROM event AS s INDEXED BY started_deployment
      WHERE type = 'started' AND seq BETWEEN 1 AND ?1 AND NOT EXISTS
        (SELECT 1 FROM event AS f INDEXED BY finished_deployment
         WHERE f.type = 'finished' AND f.deployment = s.deployment AND f.seq BETWEEN 1 AND ?1)
      """
    let running = try database.rows(open, [.integer(seq)]) { ($0.integer(0) ?? 0, $0.withBytes(1) { [UInt8]($0) }) }
    inFlight = Dictionary(running) { first, _ in first }
    let gone = "SELECT subject FROM event INDEXED BY purged_subject WHERE type = 'purged' AND seq BETWEEN 1 AND ?"
    purged = Set(try database.rows(gone, [.integer(seq)]) { $0.integer(0) ?? 0 })
    try identities.resume(database, after: seq)
  }

  /// `previous` is the hash of the event before.
  mutating func check(
    _ row: borrowing Statement, seq: Int64, _ shape: EventShape, previous: [UInt8], _ database: Database
  ) throws(SQLiteError) {
    guard let type = row.word(.type, as: EventType.self) else {
      return problem(seq, "an unknown type of event")
    }
    for what in try EventContent.problems(row, type, shape) { problem(seq, what) }
    let deployment = row.integer(Column.deployment.index) ?? 0
    switch type {
    case .genesis:
      if seq != 1 { problem(seq, "a second genesis") }
      format = row.integer(Column.format.index)
      if format != Schema.firstVersion { problem(seq, EventContent.invalid(.format)) }
    case .started: try start(deployment, row, seq, shape, database)
    case .step:
      if inFlight[deployment] == nil { problem(seq, "a step of deployment \(deployment), which is not in flight") }
      try text(row, seq, database)
    case .image:
      guard let target = inFlight[deployment] else {
        problem(seq, "an image of deployment \(deployment), which is not in flight")
        break
      }
      if !row.holds(target, .target) { problem(seq, "its target is not that of deployment \(deployment)") }
    case .finished:
      if inFlight.removeValue(forKey: deployment) == nil {
        problem(seq, "an end of deployment \(deployment), which is not in flight")
      }
    case .purged: try purge(deployment, row, seq, database)
    case .anchored: try anchor(deployment, row, seq, shape, previous: previous, database)
    case .migrated: migrate(row, seq)
    }
    if seq == 1, type != .genesis { problem(seq, "the ledger does not start with its genesis") }
  }

  private mutating func start(
    _ deployment: Int64, _ row: borrowing Statement, _ seq: Int64, _ shape: EventShape, _ database: Database
  ) throws(SQLiteError) {
    deployments += 1
    if deployment != newest &+ 1 { problem(seq, "deployment \(deployment) follows deployment \(newest)") }
    newest = max(newest, deployment)
    inFlight[deployment] = row.withBytes(Column.target.index) { [UInt8]($0) }
    if shape.present.contains(.uuid), let what = try identities.problem(row, seq, database) { problem(seq, what) }
    if let undone = row.integer(Column.undoes.index), undone < 1 || undone >= deployment {
      problem(seq, EventContent.invalid(.undoes))
    }
    guard !shape.invalid.contains(.services) else { return }
    for service in StoredText.distinctItems(try row.text(Column.services.index) ?? "") {
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
    if let what = StoredOutput.problem(output, salt: 0, text: 1, digest: digest) {
      problem(seq, "the step's output \(what)")
    }
  }

  private mutating func purge(
    _ deployment: Int64, _ row: borrowing Statement, _ seq: Int64, _ database: Database
  ) throws(SQLiteError) {
    let subject = row.integer(Column.subject.index) ?? 0
    let step = "SELECT 1 FROM event WHERE seq = ? AND type = 'step' AND deployment = ? AND output_digest IS NOT NULL"
    let isStep = try database.integer(step, [.integer(subject), .integer(deployment)]) != nil
    guard (1..<max(1, seq)).contains(subject), isStep, purged.insert(subject).inserted else {
      return problem(seq, EventContent.invalid(.subject))
    }
    if withoutText.remove(subject) == nil { texts -= 1 }
    if try database.integer("SELECT 1 FROM output WHERE seq = ?", [.integer(subject)]) != nil {
      problem(seq, "the output of step event \(subject) was purged, but is still there")
    }
  }

  private mutating func anchor(
    _ deployment: Int64, _ row: borrowing Statement, _ seq: Int64, _ shape: EventShape, previous: [UInt8],
    _ database: Database
  ) throws(SQLiteError) {
    if let target = try? row.text(Column.target.index) { anchored.insert(target) }
    if shape.present.contains(.deployment), deployment < 1 || deployment > newest {
      problem(seq, EventContent.invalid(.deployment))
    }
    let subject = row.integer(Column.subject.index) ?? 0
    guard (1..<max(1, seq)).contains(subject) else { return problem(seq, EventContent.invalid(.subject)) }
    let hash =
      subject == seq - 1
      ? previous
      : try database.rows("SELECT hash FROM event WHERE seq = ?", [.integer(subject)]) { $0.blob(0) ?? [] }.first
    if hash != row.blob(Column.anchorHash.index) { problem(seq, "the hash of event \(subject) is another one") }
  }

  private mutating func migrate(_ row: borrowing Statement, _ seq: Int64) {
    let raised = row.integer(Column.format.index) ?? 0
    let index = Int(clamping: raised &- Schema.firstVersion &- 1)
    if !migrations.indices.contains(index) || format.map({ raised != $0 &+ 1 }) ?? false {
      problem(seq, EventContent.invalid(.format))
    } else if !row.holds(Array(migrations[index].name.utf8), .name) {
      problem(seq, EventContent.invalid(.name))
    }
    format = raised
  }

  /// Called in the transaction that reached the last event.
  mutating func compareTables(_ database: Database, isWhole: Bool) throws(SQLiteError) {
    for seq in withoutText.sorted() { problem(seq, "the step's output is missing and was not purged") }
    let stored = Set(try database.rows("SELECT deployment FROM in_flight") { $0.integer(0) ?? 0 })
    for id in stored.symmetricDifference(inFlight.keys).sorted() {
      problem(nil, "the in-flight table and the events disagree on deployment \(id)")
    }
    let version = try database.integer("PRAGMA user_version") ?? 0
    if let format, format != version {
      problem(nil, "its format number is \(version), but that of its events is \(format)")
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

extension Statement {
  /// True if the column has exactly these bytes.
  func holds(_ bytes: [UInt8], _ column: Column) -> Bool { withBytes(column.index) { $0.elementsEqual(bytes) } }
}
