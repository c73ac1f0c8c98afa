import Deployer
import Ledger

/// What a deployment brought to which services, in a few words.
struct DeploymentSubject: Equatable {
  /// The services that got the tag; all, where it is not known which did.
  var services: [String]
  /// How many were covered as well, such as a database with a tag of its own.
  var others = 0
  /// `nil` for several, or none.
  var tag: String?

  /// `images` are the names of those that the services were left on.
  init(_ deployment: Deployment, images: [String: String]) {
    let start = deployment.start
    (services, tag) = (start.services, start.tag)
    let tagged = start.services.filter { service in
      guard let tag, let reference = images[service] else { return false }
      // `REPO:TAG`, or `REPO:TAG@DIGEST`.
      return reference.hasSuffix(":\(tag)") || reference.split(separator: "@").first?.hasSuffix(":\(tag)") == true
    }
    guard tagged.isEmpty else {
      (services, others) = (tagged, start.services.count - tagged.count)
      return
    }
    // What failed may not have got as far as the tag.
    guard deployment.outcome == .succeeded else { return }
    let found = start.services.compactMap { images[$0].flatMap { ImageName($0).tag } }
    if found.count == start.services.count, let first = found.first {
      tag = Set(found).count == 1 ? first : nil
    }
  }
}
