import Ledger
import Platform

/// What runs on a host for one target, as the host reported it at one moment.
public struct Observation: Sendable, Equatable {
  /// One container of the project.
  public struct Container: Sendable, Equatable {
    public var service: String
    public var id: String
    /// The image's name as the container was created with it.
    public var reference: String
    /// The image's config id, `sha256:…`.
    public var imageID: String
    /// As Docker names it: `running`, `restarting`, `exited`, `created`, `paused`, `dead`.
    public var state: String
    /// `healthy`, `unhealthy`, `starting`; `nil` if the service has no health check.
    public var health: String?
    public var restarts: Int
    public var exitCode: Int
    /// When it was started: RFC 3339, as Docker prints it.
    public var since: String
    /// When it was created, likewise, but without the `Z`: so moments sort as text, whatever fraction they have.
    var created = ""
    public var name = ""
    /// As Docker names it: `no`, `always`, `unless-stopped`, `on-failure`.
    var restartPolicy = ""
    /// How many seconds Docker gives it to end after SIGTERM; negative for ever. 10 where nothing else was said
    /// (https://docs.docker.com/reference/cli/docker/container/stop/).
    var stopTimeout = 10
    /// The signal that asks it to end, as its image or the compose file names it; empty for SIGTERM.
    var stopSignal = ""
    /// When it last got that signal; `nil` where nobody has asked, or Docker does not remember.
    var toldToEnd: Date?
    /// The Compose project that it belongs to.
    var project = ""
    /// The directory of the compose files that it was created from.
    var directory = ""
    /// The config id of the image that Compose created it from, as Compose wrote it on the container; empty in versions of
    /// Compose that do not.
    var imageLabel = ""
    /// The paths of the compose files that it was created from.
    var files: [String] = []
    /// The names of its variables that are empty, or that lack the secret that should stand among other text.
    var emptyVariables: Set<String> = []
  }

  /// In the order of their services and ids.
  public var containers: [Container]
  /// The digests that registries gave an image, by its config id: `repository@sha256:…`.
  public var digests: [String: [String]]

  /// When this was observed, by the host's own clock; `nil` if the host did not say.
  var time: Date?

  init(containers: [Container], digests: [String: [String]], time: Date? = nil) {
    self.containers = containers
    self.digests = digests
    self.time = time
  }

  static let nothing = Observation(containers: [], digests: [:])

  /// The same, with digests that an earlier observation reported.
  func knowing(_ earlier: [String: [String]]) -> Observation {
    Observation(containers: containers, digests: digests.merging(earlier) { reported, _ in reported }, time: time)
  }

  /// The containers of these services; all of them if none is named.
  func only(_ services: [String]) -> Observation {
    services.isEmpty ? self : filtered { services.contains($0.service) }
  }

  /// The containers of these Compose projects.
  func of(projects: Set<String>) -> Observation { filtered { projects.contains($0.project) } }

  func filtered(_ isIncluded: (Container) -> Bool) -> Observation {
    Observation(containers: containers.filter(isIncluded), digests: digests, time: time)
  }

  /// The services that have a container, in order.
  public var services: [String] { Set(containers.map(\.service)).sorted() }

  /// Whether every image whose digests are known is known in the repository that its container was created from.
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

  /// The containers of a service, without those that an `up` which ended early created beside the ones that they were to replace.
  func containers(of service: String) -> [Container] {
    let own = containers.filter { $0.service == service }
    guard own.contains(where: { $0.state == "created" }) else { return own }
    let spare = leftovers(of: [service]).filter(\.isSpare).map(\.id)
    return own.filter { !spare.contains($0.id) }
  }

  /// Those of them that tell how the service is: one that was only created says nothing beside one that has run.
  func telling(of service: String) -> [Container] {
    let own = containers(of: service)
    let haveRun = own.filter { $0.state != "created" }
    return haveRun.isEmpty ? own : haveRun
  }

  /// The image that a service runs; if it has several containers, that of the newest that runs, else of the newest that has run.
  func image(of service: String) -> ImageIdentity? {
    let own = telling(of: service)
    let up = own.filter { $0.state == "running" }
    // Some of several may be older: an `up` that was interrupted has not come to all of them.
    guard let container = (up.isEmpty ? own : up).max(by: { $0.created < $1.created }) else { return nil }
    return ImageIdentity(reference: container.reference, id: container.imageID, digest: digest(of: container))
  }
}
