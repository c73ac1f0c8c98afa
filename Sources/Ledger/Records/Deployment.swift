public import Platform

/// One recorded attempt on one target.
public struct Deployment: Sendable, Equatable {
  /// Counts from 1 without gaps in one ledger.
  public var id: Int64
  /// Unique where ledgers meet.
  public var uuid: String
  public var start: DeploymentStart
  public var startedAt: Date
  public var finishedAt: Date?
  /// From a monotonic clock, unlike the times.
  public var durationMS: Int64?
  /// `nil` while it runs.
  public var outcome: Outcome?
  /// Why it did not succeed.
  public var reason: String?
  /// SHA-256 over the bytes of the compose files, in hexadecimal digits.
  public var composeDigest: String?

  public init(
    id: Int64, uuid: String, start: DeploymentStart, startedAt: Date, finishedAt: Date? = nil,
    durationMS: Int64? = nil, outcome: Outcome? = nil, reason: String? = nil, composeDigest: String? = nil
  ) {
    self.id = id
    self.uuid = uuid
    self.start = start
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.durationMS = durationMS
    self.outcome = outcome
    self.reason = reason
    self.composeDigest = composeDigest
  }
}

extension Deployment {
  /// What `init(_:)` reads: the start's columns from `s`, the end's from `f`.
  static let columns: String = {
    let start: [Column] = [
      .deployment, .uuid, .at, .batch, .kind, .target, .host, .directory, .services, .profiles, .tag, .gitSHA,
      .gitDirty, .operator, .client, .undoes, .secretVersions, .registry,
    ]
    let end: [Column] = [.at, .durationMS, .outcome, .reason, .composeDigest]
    return (start.map { "s.\($0.name)" } + end.map { "f.\($0.name)" }).joined(separator: ", ")
  }()
  static let columnCount: Int32 = 23

  /// Joins the end of `s` where there is one.
  static let joinEnd =
    "LEFT JOIN event AS f INDEXED BY finished_deployment ON f.type = 'finished' AND f.deployment = s.deployment"

  init(_ row: borrowing Statement) {
    let start = DeploymentStart(
      batch: row.text(3), kind: row.text(4).flatMap(DeploymentKind.init) ?? .deploy, target: row.text(5) ?? "",
      host: row.text(6) ?? "", directory: row.text(7), services: splitList(row.text(8)),
      profiles: splitList(row.text(9)), tag: row.text(10), gitSHA: row.text(11),
      gitDirty: row.integer(12).map { $0 != 0 },
      operator: row.text(13) ?? "", client: row.text(14) ?? "", undoes: row.integer(15),
      secretVersions: splitList(row.text(16)).compactMap(SecretVersion.init(stored:)), registry: row.text(17))
    self.init(
      id: row.integer(0) ?? 0, uuid: row.text(1) ?? "", start: start,
      startedAt: date(milliseconds: row.integer(2) ?? 0),
      finishedAt: row.integer(18).map(date(milliseconds:)), durationMS: row.integer(19),
      outcome: row.text(20).map { Outcome(rawValue: $0) ?? .unknown }, reason: row.text(21),
      composeDigest: row.text(22))
  }
}

extension SecretVersion {
  /// `item@version`, as a start stores it.
  init?(stored: String) {
    guard let at = stored.lastIndex(of: "@"), let version = Int(stored[stored.index(after: at)...]) else { return nil }
    self.init(item: String(stored[..<at]), version: version)
  }
}
