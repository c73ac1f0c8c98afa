/// A query that reads deployments from the newest to the oldest, along an index that fits one of the filter's conditions;
/// every condition is checked on each row. The index is named, because the planner's own choice can be thousands of times
/// slower on values that are rare.
struct HistoryQuery: Equatable {
  var sql: String
  var values: [Value?]

  /// `location` is one of the targets and hosts that the filter's `host` matches.
  init(_ filter: HistoryFilter, location: Location?) {
    let start = "event AS s INDEXED BY"
    let end = "LEFT JOIN event AS f INDEXED BY finished_deployment"
    let sameEnd = "ON f.type = 'finished' AND f.deployment = s.deployment AND f.seq >= 1"
    var from: String
    var order = "s.deployment"
    switch Self.accessPath(filter, location) {
    case .running:
      from = "in_flight AS i CROSS JOIN \(start) started_deployment ON s.deployment = i.deployment \(end) \(sameEnd)"
      order = "i.deployment"
    case .outcome:
      from =
        "event AS f INDEXED BY finished_outcome CROSS JOIN \(start) started_deployment"
        + " ON s.deployment = f.deployment"
      order = "f.deployment"
    case .service:
      from = "coverage AS c CROSS JOIN \(start) started_deployment ON s.deployment = c.deployment \(end) \(sameEnd)"
      order = "c.deployment"
    case .index(let name):
      from = "\(start) \(name) \(end) \(sameEnd)"
      if name == "started_at_time" { order = "s.at DESC, s.deployment" }
    }
    // No hash covers rows with a seq below 1.
    var conditions = ["s.type = 'started' AND s.seq >= 1"]
    var bound: [Value?] = []
    func add(_ condition: String, _ value: Value) {
      conditions.append(condition)
      bound.append(value)
    }
    if let batch = filter.batch { add("s.batch = ?", .text(batch)) }
    if let tag = filter.tag { add("s.tag = ?", .text(tag)) }
    if let target = filter.target { add("s.target = ?", .text(target)) }
    switch location {
    case .target(let name): add("s.target = ?", .text(name))
    case .host(let name): add("s.host = ?", .text(name))
    case nil: break
    }
    if let name = filter.operator { add("s.operator = ?", .text(name)) }
    if filter.kind == .rollback { conditions.append("s.kind = 'rollback'") }
    if filter.kind == .deploy { conditions.append("s.kind = 'deploy'") }
    if let since = filter.since { add("s.at >= ?", .integer(milliseconds(of: since))) }
    if let until = filter.until { add("s.at <= ?", .integer(milliseconds(of: until))) }
    if let service = filter.service {
      let column = from.hasPrefix("coverage") ? "c.service = ?" : Self.covers
      add(column, .text(service))
    }
    switch filter.outcome {
    case .running: conditions.append("f.outcome IS NULL")
    case .finished(.succeeded): conditions.append("f.type = 'finished' AND f.outcome = 'succeeded'")
    case .finished(let outcome):
      add(
        "f.type = 'finished' AND f.seq >= 1 AND f.outcome <> 'succeeded' AND f.outcome = ?", .text(outcome.rawValue))
    case nil: break
    }
    sql =
      "SELECT \(Deployment.columns) FROM \(from) WHERE \(conditions.joined(separator: " AND "))"
      + " ORDER BY \(order) DESC LIMIT ?"
    values = bound + [.integer(Int64(max(0, filter.limit)))]
  }

  private static let covers =
    "EXISTS (SELECT 1 FROM coverage AS c WHERE c.service = ? AND c.deployment = s.deployment)"

  /// Which table or index the query reads along: the one that is likely to need the fewest rows.
  private enum AccessPath {
    case running, outcome, service
    case index(String)
  }

  private static func accessPath(_ filter: HistoryFilter, _ location: Location?) -> AccessPath {
    if filter.outcome == .running { return .running }
    if filter.batch != nil { return .index("started_batch") }
    if filter.tag != nil { return .index("started_tag") }
    if let outcome = filter.outcome, outcome != .finished(.succeeded) { return .outcome }
    if filter.service != nil, filter.target == nil, location == nil { return .service }
    if filter.target != nil { return .index("started_target") }
    switch location {
    case .target: return .index("started_target")
    case .host: return .index("started_host")
    case nil: break
    }
    if filter.operator != nil { return .index("started_operator") }
    if filter.since != nil || filter.until != nil { return .index("started_at_time") }
    if filter.kind == .rollback { return .index("started_rollback") }
    return .index("started_deployment")
  }

  /// What a filter's `host` can name.
  enum Location: Equatable {
    case target(String)
    case host(String)
  }
}
