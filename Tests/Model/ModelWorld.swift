/// The stack that the model is about: two services that take the tag, a database that does not, and a profile each for two
/// more workers. One of the two may get another name.
enum ModelStack {
  static let always = ["backend", "db", "mcp"]
  /// What a service is called once it has been renamed.
  static let newNames = ["mcp": "gateway"]
  static let profiles = ["scale-2": ["worker-2"], "scale-3": ["worker-3"]]
  /// The tags that the compose file may have for the database; the first one is there at first.
  static let databaseTags = ["16", "17"]
  static let services = ["backend", "db", "gateway", "mcp", "worker-2", "worker-3"]
  /// Those that may leave the compose file.
  static let droppable = ["db", "mcp", "worker-2"]

  static func takesTag(_ service: String) -> Bool { service != "db" }

  static func profile(of service: String) -> String? {
    profiles.first { $0.value.contains(service) }?.key
  }

  /// Those that a deployment of all would start, if the compose file has them.
  static func active(under profiles: [String]) -> [String] {
    (always + newNames.values + profiles.flatMap { self.profiles[$0] ?? [] }).sorted()
  }

  /// Another name changes nothing about the image.
  static func repository(_ service: String) -> String {
    newNames.first { $0.value == service }?.key ?? service
  }

  /// Whether both are names of one.
  static func isRenamed(_ service: String, to name: String) -> Bool { repository(service) == repository(name) }

  static var repositories: [String] { Set(services.map(repository)).sorted() }

  static func reference(_ service: String, _ tag: String) -> String {
    "ghcr.io/u/\(repository(service)):\(tag)"
  }
}

/// An image, known by its id. The tag is only what it was called.
struct ModelImage: Hashable, Sendable {
  var id: String
  var tag: String

  static func == (left: ModelImage, right: ModelImage) -> Bool { left.id == right.id }
  func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// What is the case on the host and in the registry before an operation: facts, not predictions.
struct ModelWorld: Sendable, Equatable {
  struct Container: Sendable, Equatable {
    var id: String
    var image: ModelImage
    /// What it was created with: another name of the same image is another image to Compose.
    var reference: String
    var isRunning: Bool
    /// Whether the compose file gave it a health check that fails.
    var isBroken = false
    /// Whether it was ever started.
    var hasRun = true
    /// What Compose had in the tag's variable when it created it; `nil` where that is not known.
    var tagVariable: String?
    /// The tag in its label, if the compose file has one there.
    var label: String?

    /// Whether it was created by a digest or an id.
    var isPinned: Bool { reference.contains("sha256:") }
  }

  var containers: [String: Container] = [:]
  /// The ids of the images on the host.
  var local: Set<String> = []
  /// The ids that the registry's tags name.
  var registry: [String: String] = [:]
  /// The ids that names mean on the host.
  var names: [String: String] = [:]
  /// Every id that the registry has, by digest.
  var published: Set<String> = []
  var isRegistryUp = true
  /// Whether the newest line that a deployment left on the host is of another ledger than the one that is asked.
  var isLastOfAnother = false
  /// The services of which no new container can be started, or none created.
  var unstartable: Set<String> = []
  var uncreatable: Set<String> = []
  /// The ids of images whose containers do not become healthy.
  var bad: Set<String> = []

  /// The image of each service's container, whether that runs or not.
  var images: [String: ModelImage] { containers.mapValues(\.image) }

  func isHealthy(_ service: String) -> Bool {
    containers[service].map { $0.isRunning && !isIll($0) } ?? false
  }

  /// Whether a container that runs does not become healthy.
  func isIll(_ container: Container) -> Bool { container.isBroken || bad.contains(container.image.id) }

  /// What Compose does for several services, by the file as it is. Returns whether it comes to the end.
  mutating func up(_ steps: [ModelRun.Start], by file: ModelFile, replacingAll: Bool = false) -> Bool {
    let needed = steps.filter { replacingAll || !has($0, by: file) }
    let isCreated = uncreatable.isDisjoint(with: needed.map(\.service))
    // What is only down is started.
    let stopped = steps.map(\.service).filter { name in
      containers[name]?.isRunning == false && !needed.contains { $0.service == name }
    }
    for service in stopped where isCreated && !unstartable.contains(service) {
      containers[service]?.isRunning = true
      containers[service]?.hasRun = true
    }
    for step in needed where isCreated || (containers[step.service] == nil && !uncreatable.contains(step.service)) {
      // If one cannot be created, the others are, and none is started.
      containers[step.service] = Container(
        id: "new", image: step.image, reference: step.reference,
        isRunning: isCreated && !unstartable.contains(step.service), isBroken: file.broken.contains(step.service),
        hasRun: isCreated && !unstartable.contains(step.service), label: file.label(step))
    }
    return isCreated && unstartable.isDisjoint(with: needed.map(\.service) + stopped)
  }

  /// What Compose leaves where it ends while it replaces the first one that it has to: the old container is stopped, and the new one is
  /// not started.
  mutating func stopNext(of steps: [ModelRun.Start], by file: ModelFile, replacingAll: Bool) {
    let next = steps.first { (replacingAll || !has($0, by: file)) && !uncreatable.contains($0.service) }
    guard let next else { return }
    if containers[next.service]?.hasRun == true {
      containers[next.service]?.isRunning = false
    } else {
      containers[next.service] = Container(
        id: "new", image: next.image, reference: next.reference, isRunning: false,
        isBroken: file.broken.contains(next.service), hasRun: false, label: file.label(next))
    }
  }

  /// Whether there is a container as it should be, be it stopped.
  private func has(_ step: ModelRun.Start, by file: ModelFile) -> Bool {
    containers[step.service].map { there in
      let isNamedAlike =
        step.reference == "pinned" ? there.isPinned || there.reference == "pinned" : there.reference == step.reference
      return there.image == step.image && isNamedAlike
        && there.isBroken == file.broken.contains(step.service) && there.label == file.label(step)
    } ?? false
  }
}
