extension DeploymentLedger {
  /// The newest deployments that match the filter, newest first.
  public func history(_ filter: HistoryFilter = HistoryFilter()) throws(LedgerError) -> [Deployment] {
    try read { (database) throws(SQLiteError) in
      guard let host = filter.host else { return try database.deployments(HistoryQuery(filter, location: nil)) }
      var found: [Int64: Deployment] = [:]
      for location in try database.locations(matching: host) {
        for deployment in try database.deployments(HistoryQuery(filter, location: location)) {
          found[deployment.id] = deployment
        }
      }
      return Array(found.values.sorted { $0.id > $1.id }.prefix(max(0, filter.limit)))
    }
  }
}

extension Database {
  fileprivate func deployments(_ query: HistoryQuery) throws(SQLiteError) -> [Deployment] {
    let found = try deployments(query.sql, query.values).sorted { $0.id > $1.id }
    for (newer, older) in zip(found, found.dropFirst()) where newer.id == older.id {
      throw .corrupt("deployment \(newer.id) is in an index twice")
    }
    return found
  }

  /// The target with this name, and the recorded hosts with this name or first label.
  fileprivate func locations(matching name: String) throws(SQLiteError) -> [HistoryQuery.Location] {
    let wanted = Array(name.lowercased().utf8)
    let hosts = try rows(Self.distinctHosts) { (row) throws(SQLiteError) in try row.text(0, "host") }.filter { host in
      let host = Array(host.lowercased().utf8)
      return host.starts(with: wanted) && (host.count == wanted.count || host[wanted.count] == UInt8(ascii: "."))
    }
    return [.target(name)] + hosts.map(HistoryQuery.Location.host)
  }

  /// Seeks the index once for each host, however many deployments there are. UNION, because in a damaged index a seek can
  /// lead back to where it came from.
  private static let distinctHosts = """
    WITH RECURSIVE known (host) AS (
      SELECT (SELECT min(host) FROM event INDEXED BY started_host WHERE type = 'started' AND seq >= 1)
      UNION
      SELECT (SELECT min(host) FROM event INDEXED BY started_host WHERE type = 'started' AND host > known.host
        AND seq >= 1)
      FROM known WHERE known.host IS NOT NULL
    )
    SELECT host FROM known WHERE host IS NOT NULL
    """
}
