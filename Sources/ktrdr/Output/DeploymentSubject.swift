import Deployer
import Ledger

/// What a deployment brought to which services, in a few words.
struct DeploymentSubject: Equatable {
  /// The services that got the tag; all, where it is not known which did.
  var services: [String]
  /// How many were covered as well, such as a database with a tag of its own.
  var others: Int
  /// `nil` for several, or none.
  var tag: String?

  /// `images` are those of the record.
  init(_ deployment: Deployment, _ images: [ImageRecord]) {
    let start = deployment.start
    (services, others, tag) = (start.services, 0, start.tag)
    let tags = Dictionary(images.map { ($0.service, $0.after.flatMap { ImageName($0.reference).tag }) }) { $1 }
    let found = start.services.compactMap { tags[$0] ?? nil }
    let tagged = start.services.filter { tags[$0] == start.tag }
    if !tagged.isEmpty, start.tag != nil {
      (services, others) = (tagged, start.services.count - tagged.count)
    } else if deployment.outcome == .succeeded, found.count == start.services.count, !found.isEmpty {
      // What failed may not have got as far as the tag.
      tag = Set(found).count == 1 ? found.first : nil
    }
  }
}
