/// An image as a host identifies it.
public struct ImageIdentity: Sendable, Equatable, Codable {
  /// The name in the compose file, such as `ghcr.io/kpiteira/ktrdr-backend:sha-a1b2c3d`.
  public var reference: String
  /// The id of the image's configuration on the host, `sha256:…`.
  public var id: String
  /// `repo@sha256:…` from the registry; `nil` for an image that was never pulled.
  public var digest: String?

  public init(reference: String, id: String, digest: String? = nil) {
    self.reference = reference
    self.id = id
    self.digest = digest
  }
}

/// The image that a service ran before a deployment, and after it. What ran before is recorded when the host is about to
/// change, and once more, with what ran after, at the end: the newest record of a deployment and service counts.
public struct ImageRecord: Sendable, Equatable, Codable {
  public var service: String
  /// `nil` if nothing ran.
  public var before: ImageIdentity?
  public var after: ImageIdentity?

  public init(service: String, before: ImageIdentity? = nil, after: ImageIdentity? = nil) {
    self.service = service
    self.before = before
    self.after = after
  }

  /// Whether the service ran another image afterwards, or none, or one for the first time.
  public var isChange: Bool { before?.id != after?.id }
}

extension Event {
  static func image(_ image: ImageRecord, of id: Int64, target: String) -> Event {
    var event = Event(.image, deployment: id)
    event[.target] = .text(target)
    event[.service] = .text(image.service)
    event[.beforeReference] = .optional(image.before?.reference)
    event[.beforeID] = .optional(image.before?.id)
    event[.beforeDigest] = .optional(image.before?.digest)
    event[.afterReference] = .optional(image.after?.reference)
    event[.afterID] = .optional(image.after?.id)
    event[.afterDigest] = .optional(image.after?.digest)
    return event
  }
}

extension ImageRecord {
  /// The columns that `init(_:from:)` reads.
  static func columns(of table: String) -> String {
    let columns: [Column] = [
      .service, .beforeReference, .beforeID, .beforeDigest, .afterReference, .afterID, .afterDigest,
    ]
    return columns.map { "\(table).\($0.name)" }.joined(separator: ", ")
  }

  /// That no later event of the same deployment says more about the same service than `e`; of those that were recorded by
  /// `moment`, an expression in milliseconds, if there is one.
  static func isNewest(by moment: String? = nil) -> String {
    """
    NOT EXISTS (
      SELECT 1 FROM event AS later INDEXED BY image_service
      WHERE later.type = 'image' AND later.target = e.target AND later.service = e.service
        AND later.deployment = e.deployment AND later.seq > e.seq\(moment.map { " AND later.at <= \($0)" } ?? ""))
    """
  }

  init(_ row: borrowing Statement, from first: Int32) throws(SQLiteError) {
    self.init(
      service: try row.text(first, "service"), before: try ImageIdentity(row, from: first + 1),
      after: try ImageIdentity(row, from: first + 4))
  }
}

extension ImageIdentity {
  /// `nil` if all columns are.
  init?(_ row: borrowing Statement, from first: Int32) throws(SQLiteError) {
    guard (first...first + 2).contains(where: { row.storage($0) != 5 }) else { return nil }
    self.init(
      reference: try row.text(first, "image name"), id: try row.text(first + 1, "image id"),
      digest: try row.text(first + 2))
  }
}
