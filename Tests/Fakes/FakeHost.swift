import Platform
import Synchronization

@testable import Deployer

/// A host that is a value: a Compose project with its images and containers, and no machine. It does what a real one does
/// for a deployment, and loses connections when it is told to.
final class FakeHost: Sendable {
  /// What the containers of an image do.
  enum Behaviour: Sendable {
    case good, unhealthy, crashing
    /// Healthy after it has been observed this often.
    case slow(Int)
  }

  /// When the connection is lost.
  enum Cut: Sendable, Equatable {
    /// The request does not reach the host.
    case before(StepName)
    /// The host does what it was asked, and its answer does not arrive.
    case after(StepName)
  }

  struct State: Sendable {
    /// The services without a profile, and those of each profile.
    var services = ["backend", "db"]
    var profiles: [String: [String]] = [:]
    /// Services whose image does not take the tag, with the one that they have.
    var fixedTags = ["db": "16"]
    /// Services of which Compose cannot create a container, as where the name is taken, or cannot start one, as where a port is.
    var uncreatable: Set<String> = []
    var unstartable: Set<String> = []
    /// The repositories of services whose images are not in one of the service's own name.
    var repositories: [String: String] = [:]
    /// Services that have more than one container each.
    var replicas: [String: Int] = [:]
    /// The services that the file gives a health check which fails, and the ids of the containers that have got one.
    var broken: Set<String> = []
    var brokenContainers: Set<String> = []
    /// What Compose has in the tag's variable, and what it had when it created each container.
    var tagVariable = ""
    var tagVariables: [String: String] = [:]
    /// The services in which the file has the tag's variable elsewhere than in the image, and what containers have got there.
    var tagged: Set<String> = []
    var shownTags: [String: String] = [:]
    /// The image ids that the registry has, by reference.
    var registry: [String: String] = [:]
    var isRegistryUp = true
    /// References in the registry that are for another platform.
    var forOtherPlatforms: Set<String> = []
    /// The registries that the host has logins of its own for.
    var hostLogins: [String] = []
    /// Every image id that the registry has ever had: it keeps by digest what a tag no longer names.
    var published: Set<String> = []
    /// The image ids on the host, by reference.
    var local: [String: String] = [:]
    var behaviours: [String: Behaviour] = [:]
    var containers: [Observation.Container] = []
    var lockOwner: String?
    /// Whether a check sees who holds the lock, as the kernel tells it.
    var tellsWhoIsAtWork = true
    var anchors: [String] = []
    var findings: [HostCheck.Finding] = []
    var unsetVariables: [String] = []
    /// More fields of services in the compose file, by service, in JSON.
    var fields: [String: String] = [:]
    /// The profiles that the host's own settings switch on.
    var hostProfiles: [String] = []
    /// Whether Compose can read the files only with the real value of a secret.
    var needsSecrets = false
    /// The variables of containers that were created with another secret.
    var otherSecrets: Set<String> = []
    /// What other directories are, which a container came from.
    var directories: [String: OtherDirectory] = [:]
    /// What Compose says in a rehearsal of a service's containers, where that is not `Running`; `nil` where it cannot rehearse.
    var rehearsal: [String: String]? = [:]
    /// The host's clock, in seconds.
    var clock = 0
    /// Whether `ssh` gets through.
    var isUp = true
    var isDockerUp = true
    var cut: Cut?
    /// The request at which the connection is lost, of those that are no step.
    var losesConnectionAt: String?
    /// The step in which it reports one that nobody asked for.
    var saysUnaskedIn: StepName?
    /// Runs when a step is about to begin.
    var hooks: [StepName: @Sendable (inout State) -> Void] = [:]
    /// Whether `up` replaces what is as it should be.
    var replacesAll = false
    /// Whether `up` comes to one half of the services, in the order of their names.
    var comesToHalf = false
    /// Whether it then stops the container that is to be replaced next, and whether it fails there.
    var stopsNext = false
    var failsThere = false
    /// Runs when a step has been done, before its answer arrives.
    var ended: [StepName: @Sendable (inout State) -> Void] = [:]
    /// Whether nobody is there any more to ask for anything: the client has been killed.
    var isAbandoned = false
    /// Runs when a request that is no step has been answered, once.
    var afterwards: [String: @Sendable (inout State) -> Void] = [:]
    /// Containers that are not of the stack, by name.
    var otherNames: [String: NameHolder] = [:]
    /// Whether another name of the same image makes a new container, as it does with Compose.
    var namesMatter = false
    /// The requests so far.
    var requests: [String] = []

    fileprivate var locks = 0
    var created = 0
    fileprivate var observations: [String: Int] = [:]
  }

  private let state: Mutex<State>

  init(_ change: (inout State) -> Void = { _ in }) {
    var state = State()
    for tag in ["A", "B", "C", "P"] { state.publish(tag) }
    change(&state)
    self.state = Mutex(state)
  }

  @discardableResult
  func change<Value: Sendable>(_ body: (inout sending State) -> sending Value) -> Value { state.withLock(body) }

  /// The tag that each service runs.
  var running: [String: String] {
    state.withLock { state in
      Dictionary(state.containers.map { ($0.service, ImageName($0.reference).tag ?? "?") }) { first, _ in first }
    }
  }

  var requests: [String] { state.withLock(\.requests) }

  /// What `ssh` would connect to.
  var connector: HostConnector {
    HostConnector { [self] _, body in
      guard state.withLock(\.isUp) else {
        await body(.unreachable)
        return SSHDiagnostics(text: "ssh: connect to host h port 22: Connection refused")
      }
      let connection = FakeConnection(host: self)
      await body(connection.remoteHost)
      state.withLock { if let owner = connection.lockOwner, $0.lockOwner == owner { $0.lockOwner = nil } }
      return SSHDiagnostics(text: connection.isCut ? "Connection reset by peer" : "")
    }
  }
}

extension FakeHost.State {
  static func reference(_ service: String, _ tag: String) -> String { "ghcr.io/u/\(service):\(tag)" }

  func reference(_ service: String, _ tag: String) -> String { Self.reference(repositories[service] ?? service, tag) }

  /// Puts an image of every service into the registry.
  mutating func publish(_ tag: String, id: String? = nil, _ behaviour: FakeHost.Behaviour = .good) {
    for service in services + profiles.values.joined() {
      let reference = reference(service, fixedTags[service] ?? tag)
      let image = "sha256:\(repositories[service] ?? service)-\(fixedTags[service] ?? id ?? tag)"
      registry[reference] = image
      published.insert(image)
      if fixedTags[service] == nil { behaviours[registry[reference] ?? ""] = behaviour }
    }
  }

  /// Of what the file says.
  var composeDigest: String {
    "digest of \(services(under: ["*"])), \(fixedTags), \(broken.sorted()), \(tagged.sorted())"
  }

  func services(under profiles: [String]) -> [String] {
    let active = profiles == ["*"] ? Array(self.profiles.keys) : profiles
    return (services + active.flatMap { self.profiles[$0] ?? [] }).sorted()
  }

  /// What Compose says with placeholders for secrets.
  func modelWithPlaceholders(tag: String) -> ComposeModel {
    guard needsSecrets else { return model(tag: tag) }
    return ComposeModel(status: 15, messages: ["invalid duration ktrdr-placeholder"], json: [])
  }

  /// What Compose would print about the files, with this tag.
  func model(tag: String) -> ComposeModel {
    let profile = Dictionary(
      profiles.flatMap { profile, services in services.map { ($0, profile) } }, uniquingKeysWith: { first, _ in first })
    let entries = services(under: ["*"]).map { service in
      let image = reference(service, fixedTags[service] ?? tag)
      let profiles = profile[service].map { #", "profiles": ["\#($0)"]"# } ?? ""
      let version = tagged.contains(service) ? #", "labels": {"version": "\#(tag)"}"# : ""
      let more =
        version + (fields[service].map { ", \($0)" } ?? "") + (replicas[service].map { #", "scale": \#($0)"# } ?? "")
      return #""\#(service)": {"image": "\#(image)"\#(profiles)\#(more)}"#
    }
    let warnings = unsetVariables.map { #"The "\#($0)" variable is not set. Defaulting to a blank string."# }
    return ComposeModel(
      status: 0, messages: warnings,
      json: Array(#"{"name": "stack", "services": {\#(entries.joined(separator: ", "))}}"#.utf8))
  }

  mutating func observe(_ request: ObserveRequest) -> Observation {
    clock += 5
    for index in containers.indices {
      let container = containers[index]
      observations[container.id, default: 0] += 1
      switch behaviours[container.imageID] ?? .good {
      case .good: break
      case .unhealthy: containers[index].health = "unhealthy"
      case .crashing:
        containers[index].restarts += 1
        containers[index].since = Self.date(clock).formatted(.iso8601)
        containers[index].exitCode = 3
      case .slow(let count):
        containers[index].health = (observations[container.id] ?? 0) > count ? "healthy" : "starting"
      }
      if container.state == "running", brokenContainers.contains(container.id) {
        containers[index].health = "unhealthy"
      }
    }
    let digests = Dictionary(
      containers.map { container in
        let repository = ImageName(container.reference).repository
        return (container.imageID, ["\(repository)@\(container.imageID.replacing("sha256:", with: "sha256:d-"))"])
      }, uniquingKeysWith: { first, _ in first })
    let asked = containers.filter { container in
      (request.project.isEmpty || container.project == request.project)
        && (request.only.isEmpty || request.only.contains(container.id))
    }
    return Observation(
      containers: asked.sorted { ($0.service, $0.id) < ($1.service, $1.id) }, digests: digests, time: Self.date(clock))
  }

  /// What the registry has under a reference, which may be pinned to a digest.
  func published(_ reference: String) -> String? {
    let name = ImageName(reference)
    guard let digest = name.digest else { return registry["\(name.repository):\(name.tag ?? "")"] }
    let id = digest.replacing("sha256:d-", with: "sha256:")
    return published.contains(id) || registry.values.contains(id) ? id : nil
  }

  func registryAnswer(_ reference: String) -> RegistryAnswer {
    guard isRegistryUp else { return .refused("dial tcp: connection refused") }
    return published(reference).map { .has(ids: [$0]) } ?? .refused("no such manifest: \(reference)")
  }

  /// Puts an image on the host. One whose tag it takes away stays there by its digest.
  mutating func load(_ reference: String, _ id: String) {
    if let old = local[reference], old != id {
      local["\(ImageName(reference).repository)@\(old.replacing("sha256:", with: "sha256:d-"))"] = old
    }
    local[reference] = id
  }

  static func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: 1_795_000_000 + Double(seconds)) }

  /// The image id of a reference, which may be pinned to a digest or to an id.
  func image(_ reference: String) -> String? {
    if let id = local[reference] { return id }
    let name = ImageName(reference)
    guard let digest = name.digest else { return local.values.first { $0 == reference } }
    let id = digest.replacing("sha256:d-", with: "sha256:")
    return local.values.contains(id) ? id : nil
  }

  mutating func takeLock(_ owner: String, after count: Int) -> LockAnswer {
    if let lockOwner { return .held(by: lockOwner) }
    let isUnchanged = locks == count
    locks += 1
    lockOwner = owner
    return .taken(isUnchanged: isUnchanged)
  }

  /// Another deployment comes and goes.
  mutating func lockByAnother() { locks += 1 }

  var lockCount: Int { locks }
}

extension RemoteHost {
  /// A host behind a connection that was never made.
  static var unreachable: RemoteHost {
    RemoteHost(
      check: { _ throws(HostError) in throw .connectionLost },
      diagnose: { _ throws(HostError) in throw .connectionLost },
      model: { _ throws(HostError) in throw .connectionLost }, locate: { _ throws(HostError) in throw .connectionLost },
      compareDirectories: { _ throws(HostError) in throw .connectionLost }, provide: { _ in },
      lock: { _ throws(HostError) in throw .connectionLost }, observe: { _ throws(HostError) in throw .connectionLost },
      holders: { _ throws(HostError) in throw .connectionLost },
      variables: { _, _ throws(HostError) in throw .connectionLost },
      rehearse: { _ throws(HostError) in throw .connectionLost },
      presentImages: { _ throws(HostError) in throw .connectionLost },
      askRegistries: { _ throws(HostError) in throw .connectionLost },
      pull: { _, _ throws(HostError) in throw .connectionLost },
      validate: { _, _ throws(HostError) in throw .connectionLost },
      up: { _, _ throws(HostError) in throw .connectionLost },
      logs: { _, _, _ throws(HostError) in throw .connectionLost },
      remove: { _, _ throws(HostError) in throw .connectionLost },
      anchors: { _ throws(HostError) in throw .connectionLost },
      leaveAnchor: { _, _ throws(HostError) in throw .connectionLost }, isConnected: { false }, abandon: {})
  }
}
