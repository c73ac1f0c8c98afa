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

  /// For each recorded service of `target`, the newest deployment or rollback that succeeded and recorded its image:
  /// what should run there. A service for which none succeeded is left out.
  public func newestSucceeded(of target: String) throws(LedgerError) -> [(Deployment, ImageRecord)] {
    try read { (database) throws(SQLiteError) in
      var found: [(Deployment, ImageRecord)] = []
      for service in try database.recordedServices(of: target) {
        found += try database.deploymentsWithImages(of: service, on: target, outcome: .succeeded, limit: 1)
      }
      return found
    }
  }
}

extension Database {
  /// Finished deployments with the image that they recorded of one service on one target, newest first.
  fileprivate func deploymentsWithImages(
    of service: String, on target: String, outcome: Outcome? = nil, limit: Int
  ) throws(SQLiteError) -> [(Deployment, ImageRecord)] {
    let sql = """
      SELECT \(Deployment.columns), \(ImageRecord.columns(of: "e"))
      FROM event AS e INDEXED BY image_service
      CROSS JOIN event AS f INDEXED BY finished_deployment
      CROSS JOIN event AS s INDEXED BY started_deployment
      WHERE e.type = 'image' AND e.target = ?1 AND e.service = ?2 AND e.seq >= 1 AND \(ImageRecord.isNewest)
        AND f.type = 'finished' AND f.deployment = e.deployment AND f.seq >= 1 AND (?3 IS NULL OR f.outcome = ?3)
        AND s.type = 'started' AND s.deployment = e.deployment AND s.seq >= 1
      ORDER BY e.deployment DESC LIMIT ?4
      """
    let values: [Value?] = [.text(target), .text(service), .optional(outcome?.rawValue), .integer(Int64(limit))]
    return try rows(sql, values) { (row) throws(SQLiteError) in
      (try Deployment(row), try ImageRecord(row, from: Deployment.columnCount))
    }
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
