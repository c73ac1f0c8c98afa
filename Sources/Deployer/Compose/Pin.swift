public import Ledger
import Platform

/// An image that a service is to run whatever its compose file and `IMAGE_TAG` say: how a rollback names a digest.
public struct Pin: Sendable, Equatable {
  public var service: ServiceName
  /// What Compose gets: `repository:tag@sha256:…`, or a config id for an image that no registry knows.
  public var reference: String
  /// The config id that the service runs then, `sha256:…`.
  public var imageID: String
  /// The image by the name that it had, not by the one that a registry gave its digest.
  var image: ImageIdentity

  /// Whether ``reference`` is a name alone, which may come to mean another image.
  private(set) var isByName = false

  /// Pins `service` to an image as a host knew it. The digest decides; the tag only stays readable beside it.
  public init(service: ServiceName, image: ImageIdentity) {
    self.service = service
    imageID = image.id
    self.image = image
    guard let digest = image.digest else {
      reference = image.id
      return
    }
    let name = ImageName(image.reference)
    let recorded = ImageName(digest)
    guard name.repository == recorded.repository, let tag = name.tag, let sum = recorded.digest else {
      reference = digest
      return
    }
    reference = "\(name.repository):\(tag)@\(sum)"
  }

  /// The same by the name that a container of this image has for it.
  func named(_ name: String) -> Pin {
    var pin = self
    (pin.reference, pin.isByName) = (name, true)
    return pin
  }

  /// A compose file that overrides nothing but the images, and the policy of services that Compose would not pull even when
  /// it is told to. JSON, which is YAML too.
  static func composeFile(_ pins: [Pin], alwaysPulling pulled: [String] = []) -> [UInt8] {
    struct Service: Encodable {
      var image: String?
      var pull_policy: String?
    }
    struct File: Encodable { var services: [String: Service] }
    var services = Dictionary(
      pins.map { ($0.service.value, Service(image: $0.reference)) }, uniquingKeysWith: { first, _ in first })
    for service in pulled { services[service, default: Service()].pull_policy = "always" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(File(services: services))).map { [UInt8]($0) } ?? []
  }
}
