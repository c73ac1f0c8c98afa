import Ledger

/// The id that a host knows an image by, beside the image's digest. An image has the same digest everywhere, but another engine,
/// or another store of images, gives it another id: records from before would not be recognised.
struct HostImageIDs: Sendable {
  private var known: [String: String] = [:]

  init() {}

  init(_ observed: Observation) {
    for (id, digests) in observed.digests {
      for digest in digests { known[ImageName(digest).digest ?? digest] = id }
    }
  }

  /// The same record by the host's ids. Of an image that the host does not have, the first id counts that is asked about.
  mutating func translate(_ record: ImageRecord) -> ImageRecord {
    ImageRecord(service: record.service, before: translate(record.before), after: translate(record.after))
  }

  private mutating func translate(_ image: ImageIdentity?) -> ImageIdentity? {
    guard var image, let digest = image.digest.flatMap({ ImageName($0).digest }) else { return image }
    image.id = known[digest] ?? image.id
    known[digest] = image.id
    return image
  }
}
