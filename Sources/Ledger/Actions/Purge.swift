extension DeploymentLedger {
  /// Removes the output of one step for ever, and records the reason. The chain stays valid, because the event contains only
  /// the output's salted digest. SQLite overwrites the output with zeros in the ledger. Its rollback journal, which held the
  /// old page for a moment, is deleted but not overwritten.
  ///
  /// `step` counts from 1, in the order of `steps(of:)`.
  ///
  /// - Throws: `.noSuchText` if the step has no output, or not any more.
  public func purge(step: Int, of deployment: Int64, reason: String) throws(LedgerError) {
    guard !reason.isEmpty else { throw .invalid(field: "reason", reason: "it is empty") }
    let steps = try read { (database) throws(SQLiteError) in
      let sql = """
        SELECT e.seq, o.seq FROM event AS e INDEXED BY detail_deployment LEFT JOIN output AS o ON o.seq = e.seq
        WHERE e.type = 'step' AND e.type IN ('step', 'image') AND e.deployment = ? AND e.seq >= 1 ORDER BY e.seq
        """
      return try database.rows(sql, [.integer(deployment)]) { (event: $0.integer(0), text: $0.integer(1)) }
    }
    guard steps.indices.contains(step - 1), let subject = steps[step - 1].text else {
      throw .noSuchText(path: path, deployment: deployment, step: step)
    }
    var event = Event(.purged, deployment: deployment)
    event[.subject] = .integer(subject)
    event[.reason] = .text(reason)
    try append(event) { (database, _) throws(LedgerFault) in
      let stored = try fault { () throws(SQLiteError) in
        try database.integer("SELECT 1 FROM output WHERE seq = ?", [.integer(subject)])
      }
      if stored == nil { throw .ledger(.noSuchText(path: self.path, deployment: deployment, step: step)) }
    } add: { (database, _) throws(LedgerFault) in
      try fault { () throws(SQLiteError) in
        try database.run("DELETE FROM output WHERE seq = ?", [.integer(subject)])
      }
    }
  }
}
