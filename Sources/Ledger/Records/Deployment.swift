public import Platform

/// One recorded deployment to one target.
public struct Deployment: Sendable, Equatable {
  /// Its number in its ledger, from 1 without gaps.
  public var id: Int64
  /// Unique across ledgers.
  public var uuid: String
  public var start: DeploymentStart
  public var startedAt: Date
  public var finishedAt: Date?
  /// Measured with a monotonic clock, unlike the times.
  public var durationMS: Int64?
  /// `nil` while it runs.
  public var outcome: Outcome?
  /// Why it did not succeed.
  public var reason: String?
  /// SHA-256 of the compose files' bytes, in hexadecimal.
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
  /// Whether somebody saw how it ended. If not, an image that it left is not known.
  public var isEndSeen: Bool { ![nil, .interrupted, .unknown].contains(outcome) }
}

extension Deployment {
  /// The columns that `init(_:)` reads: those of the start from `s`, those of the end from `f`.
  static let columns: String = {
    let start: [Column] = [
      .deployment, .uuid, .at, .batch, .kind, .target, .host, .directory, .services, .profiles, .tag, .gitSHA,
      .gitDirty, .operator, .client, .undoes, .secretVersions, .registry,
    ]
    let end: [Column] = [.at, .durationMS, .outcome, .reason, .composeDigest]
    return (start.map { "s.\($0.name)" } + end.map { "f.\($0.name)" }).joined(separator: ", ")
  }()
  static let columnCount: Int32 = 23

  /// Joins the end of `s`, if there is one. Like every statement, it names the rows that the chain proves: no hash covers
  /// those with a seq below 1.
  static let joinEnd = """
    LEFT JOIN event AS f INDEXED BY finished_deployment
      ON f.type = 'finished' AND f.deployment = s.deployment AND f.seq >= 1
    """

  /// Throws if something is missing that every start, or every end, has. A word that only a newer format knows is read as
  /// the most cautious one.
  init(_ row: borrowing Statement) throws(SQLiteError) {
    let kind = try row.text(4, "kind")
    let start = DeploymentStart(
      batch: try row.text(3), kind: DeploymentKind(stored: kind.utf8) ?? .deploy, target: try row.text(5, "target"),
      host: try row.text(6, "host"), directory: try row.text(7), services: splitList(try row.text(8, "services")),
      profiles: splitList(try row.text(9)), tag: try row.text(10), gitSHA: try row.text(11),
      gitDirty: row.integer(12).map { $0 != 0 },
      operator: try row.text(13, "operator"), client: try row.text(14, "client"), undoes: row.integer(15),
      secretVersions: splitList(try row.text(16)).compactMap(SecretVersion.init(stored:)), registry: try row.text(17))
    self.init(
      id: try row.integer(0, "deployment"), uuid: try row.text(1, "uuid"), start: start,
      startedAt: date(milliseconds: try row.integer(2, "time")), reason: try row.text(21),
      composeDigest: try row.text(22))
    guard row.integer(18) != nil else { return }
    finishedAt = date(milliseconds: try row.integer(18, "time"))
    durationMS = try row.integer(19, "duration")
    outcome = Outcome(stored: try row.text(20, "outcome").utf8) ?? .unknown
  }
}

extension SecretVersion {
  /// Reads `item@version`, as a start stores it.
  init?(stored: String) {
    guard let found = StoredText.secretVersion(Array(stored.utf8)) else { return nil }
    self.init(item: found.item, version: found.version)
  }
}
