public import Platform

extension DeploymentLedger {
  /// Every finished deployment of `target` that recorded what `service` ran, newest first. Whether one is good, and
  /// whether a rollback has already left it, is for a pure function to decide.
  public func goodHistory(
    target: String, service: String, limit: Int = 100
  ) throws(LedgerError) -> [(Deployment, ImageRecord)] {
    try read { (database) throws(SQLiteError) in
      try database.deploymentsWithImages(of: service, on: target, limit: limit)
    }
  }

  /// The services of `target` that any deployment recorded an image of, in alphabetical order.
  public func recordedServices(of target: String) throws(LedgerError) -> [String] {
    try read { (database) throws(SQLiteError) in try database.recordedServices(of: target) }
  }

  /// For each recorded service of `target`, the newest deployment or rollback that succeeded and was about the service: what
  /// should run there. One that merely saw it says nothing about it, unless no other did. A service for which none succeeded is
  /// left out.
  public func newestSucceeded(of target: String) throws(LedgerError) -> [(Deployment, ImageRecord)] {
    try read { (database) throws(SQLiteError) in
      var found: [(Deployment, ImageRecord)] = []
      for service in try database.recordedServices(of: target) {
        found += try database.newestSucceeded(about: service, on: target).map { [$0] } ?? []
      }
      return found
    }
  }

  /// For each recorded service of `target`, the newest deployment that had recorded its image by `moment`, as both were
  /// then: a deployment that had not ended has no outcome. What ran there then, if ``Deployment/isEndSeen``; otherwise that
  /// is not known. A service of which nothing was recorded by then is left out. The times are those of the clocks.
  public func newestRecorded(of target: String, at moment: Date) throws(LedgerError) -> [(Deployment, ImageRecord)] {
    try read { (database) throws(SQLiteError) in
      guard let last = try database.lastDeployment(by: moment) else { return [] }
      var found: [(Deployment, ImageRecord)] = []
      for service in try database.recordedServices(of: target) {
        found += try database.deploymentsWithImages(of: service, on: target, by: (moment, last), limit: 1)
      }
      return found
    }
  }
}

extension Database {
  /// It is nearly always the first one. With the condition in the query SQLite would sort all that it finds.
  fileprivate func newestSucceeded(
    about service: String, on target: String
  ) throws(SQLiteError) -> (Deployment, ImageRecord)? {
    var newest: (Deployment, ImageRecord)?
    for limit in [1, 64, 4_096, .max] {
      let found = try deploymentsWithImages(of: service, on: target, outcome: .succeeded, limit: limit)
      newest = newest ?? found.first
      let about = found.first { deployment, image in
        deployment.start.services.contains(service) || (image.before != nil && image.after == nil)
      }
      if about != nil || found.count < limit { return about ?? newest }
    }
    return newest
  }

  /// The deployments that recorded an image of one service on one target, with it, newest first: those that have finished,
  /// with `outcome` if there is one; or, at an earlier moment, those up to the `last` that had started then.
  fileprivate func deploymentsWithImages(
    of service: String, on target: String, outcome: Outcome? = nil, by past: (moment: Date, last: Int64)? = nil,
    limit: Int
  ) throws(SQLiteError) -> [(Deployment, ImageRecord)] {
    // As text: with a condition for each case SQLite would sort all that it finds.
    let ending = outcome != nil ? " AND f.outcome = ?3" : past == nil ? " AND f.seq >= 1" : ""
    let sql = """
      SELECT \(Deployment.columns), \(ImageRecord.columns(of: "e"))
      FROM event AS e INDEXED BY image_service
      CROSS JOIN event AS s INDEXED BY started_deployment \(Deployment.joinEnd) AND f.at <= ?5
      WHERE e.type = 'image' AND e.target = ?1 AND e.service = ?2 AND e.seq >= 1 AND e.deployment <= ?6 AND e.at <= ?5
        AND \(ImageRecord.isNewest(by: "?5")) AND s.type = 'started' AND s.deployment = e.deployment AND s.seq >= 1
       \(ending)
      ORDER BY e.deployment DESC LIMIT ?4
      """
    let values: [Value?] = [
      .text(target), .text(service), .optional(outcome?.rawValue), .integer(Int64(limit)),
      .integer(past.map { milliseconds(of: $0.moment) } ?? .max), .integer(past?.last ?? .max),
    ]
    return try rows(sql, values) { (row) throws(SQLiteError) in
      (try Deployment(row), try ImageRecord(row, from: Deployment.columnCount))
    }
  }

  /// The newest deployment that had started by `moment`; `nil` if none had.
  fileprivate func lastDeployment(by moment: Date) throws(SQLiteError) -> Int64? {
    try integer(
      "SELECT max(deployment) FROM event INDEXED BY started_at_time WHERE type = 'started' AND at <= ? AND seq >= 1",
      [.integer(milliseconds(of: moment))])
  }

  fileprivate func recordedServices(of target: String) throws(SQLiteError) -> [String] {
    try rows(Self.distinctServices, [.text(target)]) { (row) throws(SQLiteError) in try row.text(0, "service") }
  }

  /// Seeks the index once for each service, however many deployments there are. UNION, because in a damaged index a seek
  /// can lead back to where it came from.
  private static let distinctServices = """
    WITH RECURSIVE known (service) AS (
      SELECT (
        SELECT min(service) FROM event INDEXED BY image_service WHERE type = 'image' AND target = ?1 AND seq >= 1)
      UNION
      SELECT (
        SELECT min(service) FROM event INDEXED BY image_service
        WHERE type = 'image' AND target = ?1 AND service > known.service AND seq >= 1)
      FROM known WHERE known.service IS NOT NULL
    )
    SELECT service FROM known WHERE service IS NOT NULL
    """
}
