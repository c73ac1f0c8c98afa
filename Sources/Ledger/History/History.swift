extension DeploymentLedger {
  /// The newest deployments that the filter lets through, newest first.
  public func history(_ filter: HistoryFilter = HistoryFilter()) throws(LedgerError) -> [Deployment] {
    try read { (database) throws(SQLiteError) in
      guard let host = filter.host else { return try database.deployments(HistoryQuery(filter, place: nil)) }
      var found: [Int64: Deployment] = [:]
      for place in try database.places(matching: host) {
        for deployment in try database.deployments(HistoryQuery(filter, place: place)) {
          found[deployment.id] = deployment
        }
      }
      return Array(found.values.sorted { $0.id > $1.id }.prefix(max(0, filter.limit)))
    }
  }
}

extension Database {
  fileprivate func deployments(_ query: HistoryQuery) throws(SQLiteError) -> [Deployment] {
    try rows(query.sql, query.values) { Deployment($0) }.sorted { $0.id > $1.id }
  }

  /// The recorded target of this name, and the recorded hosts of this name or first label.
  fileprivate func places(matching name: String) throws(SQLiteError) -> [HistoryQuery.Place] {
    let wanted = name.lowercased()
    let hosts = try rows(Self.distinctHosts) { $0.text(0) ?? "" }.filter { host in
      let host = host.lowercased()
      return host == wanted || host.hasPrefix(wanted + ".")
    }
    return [.target(name)] + hosts.map(HistoryQuery.Place.host)
  }

  /// One seek of the index for each host, however many deployments there are.
  private static let distinctHosts = """
    WITH RECURSIVE known (host) AS (
      SELECT (SELECT min(host) FROM event INDEXED BY started_host WHERE type = 'started')
      UNION ALL
      SELECT (SELECT min(host) FROM event INDEXED BY started_host WHERE type = 'started' AND host > known.host)
      FROM known WHERE known.host IS NOT NULL
    )
    SELECT host FROM known WHERE host IS NOT NULL
    """
}
