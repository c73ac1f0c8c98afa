extension DeploymentLedger {
  /// The services of `target` that any deployment recorded an image of, in alphabetical order.
  public func recordedServices(of target: String) throws(LedgerError) -> [String] {
    try read { (database) throws(SQLiteError) in try database.recordedServices(of: target) }
  }

  /// For each recorded service of `target`, the newest deployment or rollback that succeeded and recorded its image:
  /// what should run there. A service of which none succeeded is left out.
  public func newestSucceeded(of target: String) throws(LedgerError) -> [(Deployment, ImageRecord)] {
    try read { (database) throws(SQLiteError) in
      var found: [(Deployment, ImageRecord)] = []
      for service in try database.recordedServices(of: target) {
        found += try database.rows(Self.newestSucceeded, [.text(target), .text(service)]) {
          (Deployment($0), ImageRecord($0, from: Deployment.columnCount))
        }
      }
      return found
    }
  }

  private static let newestSucceeded = """
    SELECT \(Deployment.columns), \(ImageRecord.columns(of: "e"))
    FROM event AS e INDEXED BY image_service
    CROSS JOIN event AS f INDEXED BY finished_deployment
    CROSS JOIN event AS s INDEXED BY started_deployment
    WHERE e.type = 'image' AND e.target = ? AND e.service = ?
      AND f.type = 'finished' AND f.deployment = e.deployment AND f.outcome = 'succeeded'
      AND s.type = 'started' AND s.deployment = e.deployment
    ORDER BY e.deployment DESC LIMIT 1
    """
}

extension Database {
  fileprivate func recordedServices(of target: String) throws(SQLiteError) -> [String] {
    try rows(Self.distinctServices, [.text(target)]) { $0.text(0) ?? "" }
  }

  /// One seek of the index for each service, however many deployments there are.
  private static let distinctServices = """
    WITH RECURSIVE known (service) AS (
      SELECT (SELECT min(service) FROM event INDEXED BY image_service WHERE type = 'image' AND target = ?1)
      UNION ALL
      SELECT (
        SELECT min(service) FROM event INDEXED BY image_service
        WHERE type = 'image' AND target = ?1 AND service > known.service)
      FROM known WHERE known.service IS NOT NULL
    )
    SELECT service FROM known WHERE service IS NOT NULL
    """
}
