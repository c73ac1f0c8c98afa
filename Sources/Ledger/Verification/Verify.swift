extension DeploymentLedger {
  /// How many events are read in one transaction: few enough that a writer never waits long.
  static let verifiedAtOnce = 5000

  /// Proves the ledger, or reports what is wrong with it. Deployments can run at the same time; what they append is read too.
  ///
  /// `progress` gets the number of events read and the number that there were at the start.
  ///
  /// - Throws: Only what prevents reading, including a newer format; damage is in the report.
  public func verify(
    _ options: VerifyOptions = VerifyOptions(), progress: (_ read: Int64, _ of: Int64) -> Void = { _, _ in }
  ) throws(LedgerError) -> Verification {
    var report = Verification(events: 0, deployments: 0, head: nil, problems: [], warnings: [])
    do {
      try inspect(options, progress, &report)
    } catch .damaged(_, let reason) {
      if reason != damage { report.problems.append(.init(what: reason)) }
    }
    return report
  }

  private func inspect(
    _ options: VerifyOptions, _ progress: (Int64, Int64) -> Void, _ report: inout Verification
  ) throws(LedgerError) {
    let format = try readRemains { (database) throws(SQLiteError) in try database.integer("PRAGMA user_version") } ?? 0
    let newest = Migration.format(after: migrations)
    guard format <= newest else { throw .newerVersion(path: path, found: format, supported: newest) }
    if let damage { report.problems.append(.init(what: damage)) }
    report.problems += try readRemains { (database) throws(SQLiteError) in
      try SchemaCheck(of: database, after: migrations).problems.filter { $0 != damage }.map { .init(what: $0) }
    }
    try checkIntegrity(options, &report)
    let total = (try? readRemains { (database) throws(SQLiteError) in try database.tail()?.seq }) ?? 0
    var walk = ChainWalk(ledgerID: id, since: options.since, migrations: migrations)
    if let since = options.since, try compare(since) != .agrees {
      report.problems.append(.init(seq: since.seq, what: "the event to start from is not in this ledger"))
      return
    }
    let ended = Result { () throws(LedgerError) in try finish(&walk, options) { progress($0, total) } }
    // What was read before a page that cannot be read counts too.
    report.events = walk.events
    report.deployments = walk.consistency.deployments
    report.anchoredTargets = walk.consistency.anchored
    report.head = Head(seq: walk.seq, hash: Hex.text(walk.hash), ledgerID: id)
    report.problems += walk.problems + walk.consistency.problems
    report.problems = Array(report.problems.prefix(100))
    if let known = try? LedgerIdentityFile.read(beside: path), known != id {
      report.warnings.append("there was another ledger at this path before: \(known)")
    }
    if let at = walk.clockWentBack { report.warnings.append("the clock went back before event \(at)") }
    try ended.get()
  }

  private func finish(
    _ walk: inout ChainWalk, _ options: VerifyOptions, _ progress: (Int64) -> Void
  ) throws(LedgerError) {
    if options.since != nil {
      try readRemains { (database) throws(SQLiteError) in try walk.resume(database) }
    }
    while try readRemains({ (database) throws(SQLiteError) in try walk.advance(database, by: Self.verifiedAtOnce) }) {
      progress(walk.seq)
      if walk.problems.count >= 100 { return }
    }
  }

  private func checkIntegrity(_ options: VerifyOptions, _ report: inout Verification) throws(LedgerError) {
    do {
      let found = try database.integrity(seconds: options.integritySeconds)
      report.problems += (found ?? []).map { .init(what: "integrity_check: \($0)") }
      if found == nil {
        report.warnings.append(
          "integrity_check was stopped after \(options.integritySeconds) s to let deployments continue")
      }
    } catch {
      guard case .damaged(_, let reason) = LedgerError(error, path: path) else { throw LedgerError(error, path: path) }
      report.problems.append(.init(what: "integrity_check: \(reason)"))
    }
  }
}
