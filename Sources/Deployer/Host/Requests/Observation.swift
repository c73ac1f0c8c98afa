/// What runs on a host for one target, as the host said it: one look.
public struct Observation: Sendable, Equatable {
  /// One container of the project.
  public struct Container: Sendable, Equatable {
    public var service: String
    public var id: String
    /// The image's name as the container was made with it.
    public var reference: String
    /// The image's config id, `sha256:…`.
    public var imageID: String
    /// Docker's word: `running`, `restarting`, `exited`, `created`, `paused`, `dead`.
    public var state: String
    /// `healthy`, `unhealthy`, `starting`; `nil` where the service has no health check.
    public var health: String?
    public var restarts: Int
    public var exitCode: Int
    /// RFC 3339, as Docker prints it.
    public var since: String
    public var name = ""
  }

  public var containers: [Container]
  /// The digests that the registry gave an image, by its config id: `repository@sha256:…`.
  public var digests: [String: [String]]

  /// Reads the facts of one look; `nil` when the host could not look.
  init?(_ events: [RemoteEvent]) {
    var looked = false
    containers = []
    digests = [:]
    for case .fact(let name, let fields) in events {
      switch (name, fields.count) {
      case ("container", 10) where !fields[0].isEmpty:
        containers.append(
          Container(
            service: fields[0], id: fields[1], reference: fields[2], imageID: fields[3], state: fields[4],
            health: fields[5].isEmpty ? nil : fields[5], restarts: Int(fields[6]) ?? 0, exitCode: Int(fields[7]) ?? 0,
            since: fields[8], name: String(fields[9].drop { $0 == "/" })))
      case ("digests", 2): digests[fields[0]] = fields[1].split(separator: " ").map(String.init)
      case ("look", 1): looked = fields[0] == "ok"
      default: break
      }
    }
    guard looked else { return nil }
    containers.sort { ($0.service, $0.id) < ($1.service, $1.id) }
  }

  init(containers: [Container], digests: [String: [String]]) {
    self.containers = containers
    self.digests = digests
  }

  /// The same look, with the digests that an earlier one has told.
  func knowing(_ earlier: [String: [String]]) -> Observation {
    Observation(containers: containers, digests: digests.merging(earlier) { told, _ in told })
  }

  /// The containers of these services; all of them where none is named.
  func only(_ services: [String]) -> Observation {
    services.isEmpty
      ? self : Observation(containers: containers.filter { services.contains($0.service) }, digests: digests)
  }

  /// The services that have a container, in order.
  public var services: [String] { Set(containers.map(\.service)).sorted() }

  /// Every image whose digests are known is known in the repository that its container was made from.
  var knowsEveryRepository: Bool {
    containers.allSatisfy { container in
      let known = digests[container.imageID] ?? []
      guard !known.isEmpty, !container.reference.hasPrefix("sha256:") else { return true }
      return known.contains { $0.hasPrefix("\(ImageName(container.reference).familiarRepository)@") }
    }
  }

  /// The digest of a container's image in the repository that its name gives; `nil` for an image that no registry knows.
  public func digest(of container: Container) -> String? {
    let known = digests[container.imageID] ?? []
    let repository = ImageName(container.reference).familiarRepository
    return known.first { $0.hasPrefix("\(repository)@") } ?? known.first
  }
}
