extension DeploymentLedger {
  /// The end of the chain.
  public func head() throws(LedgerError) -> Head {
    let tail = try read { (database) throws(SQLiteError) in try database.tail() }
    guard let tail else { throw .damaged(path: path, reason: "it has no events") }
    return Head(seq: tail.seq, hash: Hex.text(tail.hash), ledgerID: id)
  }

  /// One deployment by its number; `nil` if there is none.
  public func deployment(_ id: Int64) throws(LedgerError) -> Deployment? {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns) FROM event AS s INDEXED BY started_deployment \(Deployment.joinEnd)
        WHERE s.type = 'started' AND s.deployment = ? AND s.seq >= 1
        """
      if let found = try database.deployments(sql, [.integer(id)]).first { return found }
      // Numbers have no gaps, so a smaller one than the newest must be there.
      let newest = try database.integer(
        "SELECT max(deployment) FROM event INDEXED BY started_deployment WHERE type = 'started' AND seq >= 1")
      guard id < 1 || id > newest ?? 0 else { throw .corrupt("deployment \(id) is missing") }
      return nil
    }
  }

  /// The seq of the event with which a deployment started; `nil` if there is none.
  public func firstEvent(of id: Int64) throws(LedgerError) -> Int64? {
    try read { (database) throws(SQLiteError) in
      try database.integer(
        "SELECT seq FROM event INDEXED BY started_deployment WHERE type = 'started' AND deployment = ? AND seq >= 1",
        [.integer(id)])
    }
  }

  /// One deployment by its UUID, which is unique across ledgers; `nil` if there is none.
  public func deployment(uuid: String) throws(LedgerError) -> Deployment? {
    let uuid = uuid.lowercased()
    guard let at = TimeOrderedID.milliseconds(of: uuid) else { return nil }
    return try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns) FROM event AS s INDEXED BY started_at_time \(Deployment.joinEnd)
        WHERE s.type = 'started' AND s.at = ? AND s.uuid = ? AND s.seq >= 1
        """
      return try database.deployments(sql, [.integer(at), .text(uuid)]).first
    }
  }

  /// The steps of a deployment in their order.
  public func steps(of id: Int64) throws(LedgerError) -> [StepRecord] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(StepRecord.columns) FROM event AS e INDEXED BY detail_deployment LEFT JOIN output AS o ON o.seq = e.seq
        LEFT JOIN event AS p INDEXED BY purged_subject ON p.type = 'purged' AND p.subject = e.seq
        WHERE e.type = 'step' AND e.type IN ('step', 'image') AND e.deployment = ? AND e.seq >= 1 ORDER BY e.seq
        """
      return try database.rows(sql, [.integer(id)]) { (row) throws(SQLiteError) in try StepRecord(row) }
    }
  }

  /// What each service ran before and after a deployment, in the order in which it was recorded. Where the end of the
  /// deployment was not seen, an image `after` that is not there means that it is not known.
  public func images(of id: Int64) throws(LedgerError) -> [ImageRecord] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(ImageRecord.columns(of: "e")) FROM event AS e INDEXED BY detail_deployment
        WHERE e.type = 'image' AND e.type IN ('step', 'image') AND e.deployment = ? AND e.seq >= 1
          AND \(ImageRecord.isNewest())
        ORDER BY e.seq
        """
      return try database.rows(sql, [.integer(id)]) { (row) throws(SQLiteError) in try ImageRecord(row, from: 0) }
    }
  }

  /// The name of the image that each service was left on, by deployment and service; what left none is not in it.
  public func imageNames(leftBy ids: [Int64]) throws(LedgerError) -> [Int64: [String: String]] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Column.service.name), \(Column.afterReference.name) FROM event INDEXED BY detail_deployment
        WHERE type = 'image' AND type IN ('step', 'image') AND deployment = ? AND seq >= 1 ORDER BY seq
        """
      var found: [Int64: [String: String]] = [:]
      for id in ids {
        let rows = try database.rows(sql, [.integer(id)]) { (row) throws(SQLiteError) in
          (service: try row.text(0, "service"), name: row.storage(1) == 5 ? nil : try row.text(1, "image name"))
        }
        // A later one says more about the same service.
        for row in rows { found[id, default: [:]][row.service] = row.name }
      }
      return found
    }
  }

  /// Deployments that have started and not ended, oldest first, on one target or, without a name, on all.
  public func inFlight(target: String? = nil) throws(LedgerError) -> [Deployment] {
    try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT \(Deployment.columns) FROM in_flight AS i CROSS JOIN event AS s INDEXED BY started_deployment
        \(Deployment.joinEnd)
        WHERE s.type = 'started' AND s.deployment = i.deployment AND s.seq >= 1 AND (?1 IS NULL OR s.target = ?1)
        ORDER BY i.deployment
        """
      return try database.deployments(sql, [.optional(target)])
    }
  }

  /// How far this machine's clock is behind the newest event, in milliseconds; `nil` if it is not. Events are ordered by
  /// seq, so this deserves a warning and is not an error.
  public func clockLag() throws(LedgerError) -> Int64? {
    let tail = try read { (database) throws(SQLiteError) in try database.tail() }
    let lag = elapsed(from: milliseconds(of: now()), to: tail?.at ?? 0)
    return lag > 0 ? lag : nil
  }
}

extension Database {
  /// The deployments in the rows of a query that selects `Deployment.columns`.
  func deployments(_ sql: String, _ values: [Value?]) throws(SQLiteError) -> [Deployment] {
    try rows(sql, values) { (row) throws(SQLiteError) in try Deployment(row) }
  }
}
