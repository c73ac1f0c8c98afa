/// The columns of an event. The raw value is the column's number in the canonical encoding. No number is ever used twice: a
/// column that is added later gets the next one.
enum Column: Int, CaseIterable {
  case seq = 1
  case type, at, deployment, uuid, batch, kind, target, host, directory, services, profiles, tag
  case gitSHA, gitDirty, `operator`, client, undoes, secretVersions, registry
  case name, startedAt, durationMS, exitStatus, outcome, outputDigest
  case service, beforeReference, beforeID, beforeDigest, afterReference, afterID, afterDigest
  case reason, composeDigest, subject, anchorHash, format

  /// The name in SQL and in exports.
  var name: String {
    switch self {
    case .seq: "seq"
    case .type: "type"
    case .at: "at"
    case .deployment: "deployment"
    case .uuid: "uuid"
    case .batch: "batch"
    case .kind: "kind"
    case .target: "target"
    case .host: "host"
    case .directory: "directory"
    case .services: "services"
    case .profiles: "profiles"
    case .tag: "tag"
    case .gitSHA: "git_sha"
    case .gitDirty: "git_dirty"
    case .operator: "operator"
    case .client: "client"
    case .undoes: "undoes"
    case .secretVersions: "secret_versions"
    case .registry: "registry"
    case .name: "name"
    case .startedAt: "started_at"
    case .durationMS: "duration_ms"
    case .exitStatus: "exit_status"
    case .outcome: "outcome"
    case .outputDigest: "output_digest"
    case .service: "service"
    case .beforeReference: "before_reference"
    case .beforeID: "before_id"
    case .beforeDigest: "before_digest"
    case .afterReference: "after_reference"
    case .afterID: "after_id"
    case .afterDigest: "after_digest"
    case .reason: "reason"
    case .composeDigest: "compose_digest"
    case .subject: "subject"
    case .anchorHash: "anchor_hash"
    case .format: "format"
    }
  }

  /// The column's position in `list`, from 0.
  var index: Int32 { Int32(rawValue - 1) }

  /// Every column in the order of the numbers, for a SELECT or an INSERT. `hash` comes after them.
  static let list = allCases.map(\.name).joined(separator: ", ")
  static let count = Int32(allCases.count)
}

/// What happened. The raw value is stored.
enum EventType: String, CaseIterable {
  case genesis, started, step, image, finished, purged, anchored, migrated
}
