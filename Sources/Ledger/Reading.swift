extension DeploymentLedger {
  /// The end of the chain.
  public func head() throws(LedgerError) -> Head {
    let tail = try read { (database) throws(SQLiteError) in try database.tail() }
    guard let tail else { throw .damaged(path: path, reason: "it has no events") }
    return Head(seq: tail.seq, hash: Hex.text(tail.hash), ledgerID: id)
  }

  /// One deployment by its number; `nil` where there is none.
  public func deployment(_ id: Int64) throws(LedgerError) -> Deployment? {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns) FROM event AS s INDEXED BY started_deployment \(Deployment.joinEnd)
        WHERE s.type = 'started' AND s.deployment = ?
        """
      return try database.rows(sql, [.integer(id)]) { Deployment($0) }.first
    }
  }

  /// One deployment by what stays unique when ledgers meet; `nil` where there is none.
  public func deployment(uuid: String) throws(LedgerError) -> Deployment? {
    let uuid = uuid.lowercased()
    guard let at = TimeOrderedID.milliseconds(of: uuid) else { return nil }
    return try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns) FROM event AS s INDEXED BY started_at_time \(Deployment.joinEnd)
        WHERE s.type = 'started' AND s.at = ? AND s.uuid = ?
        """
      return try database.rows(sql, [.integer(at), .text(uuid)]) { Deployment($0) }.first
    }
  }

  /// The steps of a deployment in their order.
  public func steps(of id: Int64) throws(LedgerError) -> [StepRecord] {
    try read { (database) throws(SQLiteError) in
      let columns = Column.allCases.map { "e.\($0.name)" }.joined(separator: ", ")
      let sql = """
        SELECT \(columns), o.text FROM event AS e INDEXED BY detail_deployment LEFT JOIN output AS o ON o.seq = e.seq
        WHERE e.type = 'step' AND e.type IN ('step', 'image') AND e.deployment = ? ORDER BY e.seq
        """
      return try database.rows(sql, [.integer(id)]) { StepRecord(Event($0), output: $0.text(Column.count)) }
        .compactMap { $0 }
    }
  }

  /// What each service ran before and after a deployment, in the order in which it was recorded.
  public func images(of id: Int64) throws(LedgerError) -> [ImageRecord] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(ImageRecord.columns(of: "e")) FROM event AS e INDEXED BY detail_deployment
        WHERE e.type = 'image' AND e.type IN ('step', 'image') AND e.deployment = ? ORDER BY e.seq
        """
      return try database.rows(sql, [.integer(id)]) { ImageRecord($0, from: 0) }
    }
  }

  /// Deployments that have started and not finished, oldest first; of every target where none is named.
  public func inFlight(target: String? = nil) throws(LedgerError) -> [Deployment] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns) FROM in_flight AS i CROSS JOIN event AS s INDEXED BY started_deployment
        \(Deployment.joinEnd)
        WHERE s.type = 'started' AND s.deployment = i.deployment AND (?1 IS NULL OR s.target = ?1)
        ORDER BY i.deployment
        """
      return try database.rows(sql, [.optional(target)]) { Deployment($0) }
    }
  }

  /// Every finished deployment of `target` that recorded an image of `service`, newest first. Whether one is good, and
  /// whether a rollback has left it, is for a pure function to decide.
  public func goodHistory(
    target: String, service: String, limit: Int = 100
  ) throws(LedgerError) -> [(Deployment, ImageRecord)] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns), \(ImageRecord.columns(of: "e"))
        FROM event AS e INDEXED BY image_service
        CROSS JOIN event AS f INDEXED BY finished_deployment
        CROSS JOIN event AS s INDEXED BY started_deployment
        WHERE e.type = 'image' AND e.target = ? AND e.service = ?
          AND f.type = 'finished' AND f.deployment = e.deployment
          AND s.type = 'started' AND s.deployment = e.deployment
        ORDER BY e.deployment DESC LIMIT ?
        """
      return try database.rows(sql, [.text(target), .text(service), .integer(Int64(limit))]) {
        (Deployment($0), ImageRecord($0, from: Deployment.columnCount))
      }
    }
  }

  /// How far this machine's clock lies behind the newest event, in milliseconds; `nil` where it does not. Events are
  /// ordered by seq, so this is a warning and no error.
  public func clockLag() throws(LedgerError) -> Int64? {
    let tail = try read { (database) throws(SQLiteError) in try database.tail() }
    let lag = (tail?.at ?? 0) - milliseconds(of: now())
    return lag > 0 ? lag : nil
  }
}
