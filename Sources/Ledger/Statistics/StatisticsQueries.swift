public import Platform

extension DeploymentLedger {
  /// When the first deployment started, by the clocks; `nil` if there is none.
  public func firstDeploymentAt() throws(LedgerError) -> Date? {
    try read { (database) throws(SQLiteError) in
      try database.integer(
        "SELECT min(at) FROM event INDEXED BY started_at_time WHERE type = 'started' AND seq >= 1"
      ).map { date(milliseconds: $0) }
    }
  }

  /// What is known of every deployment from the first that started at `since` or later on, oldest first. A clock that went back
  /// can have put earlier times among them.
  public func facts(since: Date? = nil) throws(LedgerError) -> [DeploymentFacts] {
    try read { (database) throws(SQLiteError) in
      let first = try database.firstDeployment(since: since)
      guard let first else { return [] }
      let steps = try database.stepTimes(from: first)
      let changes = try database.imageChanges(from: first)
      return try database.deployments(from: first).map { deployment in
        DeploymentFacts(deployment, steps: steps[deployment.id] ?? [], changedImage: changes[deployment.id])
      }
    }
  }
}

extension Database {
  fileprivate func firstDeployment(since: Date?) throws(SQLiteError) -> Int64? {
    let sql = """
      SELECT min(deployment) FROM event INDEXED BY started_at_time WHERE type = 'started' AND at >= ? AND seq >= 1
      """
    return try integer(sql, [.integer(since.map(milliseconds(of:)) ?? .min)])
  }

  fileprivate func deployments(from first: Int64) throws(SQLiteError) -> [Deployment] {
    let sql = """
      SELECT \(Deployment.columns) FROM event AS s INDEXED BY started_deployment \(Deployment.joinEnd)
      WHERE s.type = 'started' AND s.deployment >= ? AND s.seq >= 1 ORDER BY s.deployment
      """
    return try deployments(sql, [.integer(first)])
  }

  fileprivate func stepTimes(from first: Int64) throws(SQLiteError) -> [Int64: [DeploymentFacts.StepTime]] {
    let sql = """
      SELECT e.deployment, e.name, e.duration_ms, e.outcome FROM event AS e INDEXED BY detail_deployment
      WHERE e.type = 'step' AND e.type IN ('step', 'image') AND e.deployment >= ? AND e.seq >= 1
      ORDER BY e.deployment, e.seq
      """
    var found: [Int64: [DeploymentFacts.StepTime]] = [:]
    _ = try rows(sql, [.integer(first)]) { (row) throws(SQLiteError) in
      let step = DeploymentFacts.StepTime(
        name: try row.text(1, "name"), durationMS: try row.integer(2, "duration"),
        outcome: StepOutcome(stored: try row.text(3, "outcome").utf8) ?? .unknown)
      found[try row.integer(0, "deployment"), default: []].append(step)
    }
    return found
  }

  /// For each deployment that recorded images, whether one of them is a change.
  fileprivate func imageChanges(from first: Int64) throws(SQLiteError) -> [Int64: Bool] {
    let sql = """
      SELECT e.deployment, max(e.before_id IS NOT e.after_id) FROM event AS e INDEXED BY detail_deployment
      WHERE e.type = 'image' AND e.type IN ('step', 'image') AND e.deployment >= ? AND e.seq >= 1
        AND \(ImageRecord.isNewest())
      GROUP BY e.deployment
      """
    var found: [Int64: Bool] = [:]
    _ = try rows(sql, [.integer(first)]) { (row) throws(SQLiteError) in
      found[try row.integer(0, "deployment")] = try row.integer(1, "change") != 0
    }
    return found
  }
}
