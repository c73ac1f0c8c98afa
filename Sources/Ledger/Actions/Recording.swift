import Platform

extension DeploymentLedger {
  /// The free space that must be left on the disk when a deployment starts, in bytes.
  static let freeBytesAtStart: UInt64 = 16 << 20

  /// Records that a deployment starts, and gives it the next number. Nothing must touch the host before this returns.
  /// - Throws: `.diskFull` with less than 16 MiB free, `.busy` after 10 seconds.
  public func begin(_ start: DeploymentStart) throws(LedgerError) -> (id: Int64, uuid: String) {
    if let free = System.freeBytes(at: System.split(path).directory), free < Self.freeBytesAtStart {
      throw .diskFull(path: path)
    }
    let event = try append(try Event.started(start)) { (database, event) throws(LedgerFault) in
      event[.uuid] = .text(TimeOrderedID.new(at: event.integer(.at) ?? 0))
      let sql =
        "SELECT coalesce(max(deployment), 0) + 1 FROM event INDEXED BY started_deployment WHERE type = 'started' AND seq >= 1"
      let id = try fault { () throws(SQLiteError) in try database.integer(sql) } ?? 0
      event[.deployment] = .integer(id)
      if let undone = start.undoes, undone < 1 || undone >= id {
        throw .ledger(.noSuchDeployment(path: self.path, id: undone))
      }
    } add: { (database, event) throws(LedgerFault) in
      for service in StoredText.distinctItems(event.text(.services) ?? "") {
        try fault { () throws(SQLiteError) in
          try database.insertRow("INSERT INTO coverage VALUES (?, ?)", [.text(service), event[.deployment]])
        }
      }
    }
    Ballast.create(beside: path)
    return (event.integer(.deployment) ?? 0, event.text(.uuid) ?? "")
  }

  /// Records steps that ended, at least one, in the order in which they ended, and what services run before the deployment
  /// changes them: all of it or none.
  public func append(_ steps: [StepRecord], images: [ImageRecord] = [], to id: Int64) throws(LedgerError) {
    try append(drafts(steps: steps, images: images, of: id))
  }

  /// Records a step that ended.
  public func append(_ step: StepRecord, to id: Int64) throws(LedgerError) {
    try append([draft(step, of: id)])
  }

  /// Records what a service ran before the deployment and after it.
  public func append(_ image: ImageRecord, to id: Int64) throws(LedgerError) {
    try append([draft(image, of: id)])
  }

  /// Records how a deployment ended and, before that, its last steps and what its services ran before and after: all of it
  /// or nothing.
  /// - Throws: `.spooled` if only the spool file could be written: the next command records all of it from there.
  public func finish(
    _ id: Int64, _ finish: Finish, steps: [StepRecord] = [], images: [ImageRecord] = []
  ) throws(LedgerError) {
    let before = drafts(steps: steps, images: images, of: id)
    do {
      try record(finish, after: before, of: id)
    } catch .noSuchDeployment(let path, let id) {
      throw .noSuchDeployment(path: path, id: id)
    } catch .alreadyFinished(let path, let id) {
      throw .alreadyFinished(path: path, id: id)
    } catch .diskFull {
      Ballast.remove(beside: path)
      do { try record(finish, after: before, of: id) } catch {
        try spool(finish, steps: steps, images: images, of: id, because: error)
      }
    } catch {
      try spool(finish, steps: steps, images: images, of: id, because: error)
    }
  }

  func record(_ finish: Finish, after before: [Draft] = [], of id: Int64, at: Int64? = nil) throws(LedgerError) {
    let end = Draft(event: .finished(id, finish), at: at) { (database, _) throws(LedgerFault) in
      try self.requireInFlight(id, database)
    }
    try append(before + [end])
  }

  /// `at` in Unix milliseconds; `nil` for now.
  func drafts(steps: [StepRecord], images: [ImageRecord], of id: Int64, at: Int64? = nil) -> [Draft] {
    var drafts = steps.map { draft($0, of: id) } + images.map { draft($0, of: id) }
    for index in drafts.indices { drafts[index].at = at }
    return drafts
  }

  /// A step's output is stored in a table of its own with a salt, so that it can be purged.
  private func draft(_ step: StepRecord, of id: Int64) -> Draft {
    let requireInFlight: Draft.Completion = { (database, _) throws(LedgerFault) in
      try self.requireInFlight(id, database)
    }
    guard let text = step.output else {
      return Draft(event: .step(step, of: id, outputDigest: nil), complete: requireInFlight)
    }
    let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    let event = Event.step(step, of: id, outputDigest: Chain.outputDigest(salt: salt, text: text))
    return Draft(event: event, complete: requireInFlight) { (database, event) throws(LedgerFault) in
      try fault { () throws(SQLiteError) in
        try database.insertRow("INSERT INTO output VALUES (?, ?, ?)", [event[.seq], .blob(salt), .text(text)])
      }
    }
  }

  private func draft(_ image: ImageRecord, of id: Int64) -> Draft {
    Draft(event: .image(image, of: id, target: "")) { (database, event) throws(LedgerFault) in
      try self.requireInFlight(id, database)
      event[.target] = .optional(try fault { () throws(SQLiteError) in try database.target(of: id) })
    }
  }

  /// Records that this ledger's head was written to a target's host. `id` is the deployment that did it, if any.
  public func appendAnchored(deployment id: Int64?, target: String, head: Head) throws(LedgerError) {
    guard let hash = Hex.bytes(head.hash), hash.count == 32 else {
      throw .invalid(field: "anchor", reason: "its hash is not 64 hexadecimal digits")
    }
    guard head.ledgerID == self.id else { throw .invalid(field: "anchor", reason: "it belongs to another ledger") }
    var event = Event(.anchored, deployment: id)
    event[.target] = .text(try Event.nonEmpty(target, "target"))
    event[.subject] = .integer(head.seq)
    event[.anchorHash] = .blob(hash)
    try append(event) { (database, event) throws(LedgerFault) in
      let subject = event[.subject]
      let isKnown = try fault { () throws(SQLiteError) in
        try database.integer(
          "SELECT 1 FROM event WHERE seq >= 1 AND seq = ? AND hash = ?", [subject, .blob(hash)])
      }
      guard isKnown != nil else {
        throw .ledger(.invalid(field: "anchor", reason: "the ledger has no such event"))
      }
      if let id, try fault({ () throws(SQLiteError) in try database.target(of: id) }) == nil {
        throw .ledger(.noSuchDeployment(path: self.path, id: id))
      }
    }
  }

  private func requireInFlight(_ id: Int64, _ database: Database) throws(LedgerFault) {
    let running = try fault { () throws(SQLiteError) in
      try database.integer("SELECT 1 FROM in_flight WHERE deployment = ?", [.integer(id)])
    }
    guard running == nil else { return }
    let known = try fault { () throws(SQLiteError) in try database.target(of: id) }
    throw .ledger(known == nil ? .noSuchDeployment(path: path, id: id) : .alreadyFinished(path: path, id: id))
  }
}

extension Database {
  func target(of deployment: Int64) throws(SQLiteError) -> String? {
    try text(
      "SELECT target FROM event INDEXED BY started_deployment WHERE type = 'started' AND deployment = ? AND seq >= 1",
      [.integer(deployment)])
  }
}
