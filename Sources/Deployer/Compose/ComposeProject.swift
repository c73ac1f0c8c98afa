/// A stack as Compose itself reads its files: what plan, health, rollback, scale-down and status are decided from.
public struct ComposeProject: Sendable, Equatable {
  /// What Compose calls the stack; its containers carry it as the label `com.docker.compose.project`.
  public var name: String
  /// The services of every profile, in the order of their names.
  public var services: [ComposeService]
  /// Whether variables have been replaced by their values. If not, a name or an image may still contain `${…}`.
  public var isResolved = true

  func service(_ name: String) -> ComposeService? { services.first { $0.name == name } }

  /// The repository that the files name for a service's image, as Docker writes it beside a digest; `nil` if they name none,
  /// or one that is not known yet.
  func repository(of name: String) -> String? {
    guard let service = service(name) else { return nil }
    let image = service.image ?? "\(self.name)-\(name)"
    // A variable may stand for the tag alone.
    let known = image.prefix { $0 != "$" }
    guard !image.hasPrefix("sha256:"), known.count == image.count || known.last == ":" || known.last == "@" else {
      return nil
    }
    return ImageName(known.count == image.count ? image : String(known.dropLast())).familiarRepository
  }

  /// The services that `up` starts under these profiles when none is named.
  func active(under profiles: [String]) -> [String] {
    services.filter { service in
      service.profiles.isEmpty || profiles.contains("*") || service.profiles.contains(where: profiles.contains)
    }.map(\.name)
  }

  /// Whether another service waits until this one has done its work and ended with 0.
  func isAwaitedJob(_ name: String) -> Bool {
    services.contains { $0.dependencies.contains { $0.service == name && $0.needsCompletion } }
  }

  /// The services outside of `covered` that share a namespace with one in it, directly or through another: a new container
  /// of the one takes their network away.
  func dependents(of covered: [String]) -> [String] {
    var all = Set(covered)
    var found: [String] = []
    while let next = services.first(where: { !all.contains($0.name) && !$0.sharesWith.isDisjoint(with: all) }) {
      all.insert(next.name)
      found.append(next.name)
    }
    return found.sorted()
  }

  /// The services that depend on another one.
  func users(of name: String) -> [String] {
    services.filter { $0.dependencies.contains { $0.service == name } }.map(\.name).sorted()
  }

  /// The services that it depends on, or whose namespace it shares: Compose replaces it along with one of them.
  func neighbours(of name: String) -> [String] {
    service(name).map { service in service.dependencies.map(\.service) + service.sharesWith.sorted() } ?? []
  }

  /// What each service depends on, or shares a namespace with, directly or through others.
  var needs: [String: Set<String>] { reached { neighbours(of: $0) } }

  /// The services whose namespace each one shares, directly or through others.
  var goesWith: [String: Set<String>] { reached { service($0)?.sharesWith.sorted() ?? [] } }

  private func reached(from next: (String) -> [String]) -> [String: Set<String>] {
    func follow(_ name: String, _ found: inout Set<String>) {
      for other in next(name) where found.insert(other).inserted { follow(other, &found) }
    }
    return services.reduce(into: [:]) { all, service in follow(service.name, &all[service.name, default: []]) }
  }

  /// The jobs that services in `covered` need to have been completed and that are not covered themselves.
  func jobsLeftOut(by covered: [String]) -> [String] {
    let needed = services.filter { covered.contains($0.name) }.flatMap(\.dependencies).filter(\.needsCompletion)
    return Set(needed.map(\.service)).subtracting(covered).sorted()
  }
}

/// One service of a ``ComposeProject``.
public struct ComposeService: Sendable, Equatable {
  /// Another service that has to be there first.
  public struct Dependency: Sendable, Equatable {
    public var service: String
    /// Not only started, but `service_completed_successfully`.
    public var needsCompletion: Bool
  }

  public var name: String
  /// What its container is called, if the file says that; no other container of the host may have this name.
  var containerName: String?
  /// `nil` for a service that only a build gives an image.
  public var image: String?
  /// Whether the file says how to build its image.
  public var isBuilt = false
  /// Compose's `pull_policy`, if the file has one.
  var pullPolicy: String?
  /// Empty for a service that always belongs.
  public var profiles: [String] = []
  public var dependencies: [Dependency] = []
  public var hasHealthCheck = false
  public var publishesPorts = false
  /// How many containers it has.
  public var replicas = 1
  /// The services whose network, pid or ipc namespace it shares.
  public var sharesWith: Set<String> = []
  /// Whether its image follows the deployment's tag.
  public var takesTag = false
  /// Whether the deployment's tag stands elsewhere as well: in its environment, say, in a label or a path.
  public var hasTagBesides = false
  /// The variables of its containers that have a secret in their value.
  public var secretVariables: Set<String> = []
  /// The variables that have a value with neither a secret nor the deployment's tag in it, from the files or an `env_file`.
  public var ownVariables: [String: String] = [:]
  /// The text before and after the secret of those that have one, and not the tag as well.
  var aroundSecrets: [String: AroundSecret] = [:]
  /// What those that have other text beside the secret would be without it.
  public var withoutSecrets: [String: String] = [:]
  /// The variables that it mentions; known only where they have not been replaced.
  public var variables: Set<String> = []
}

/// The value of a variable that has one secret in it, without the secret.
struct AroundSecret: Sendable, Equatable {
  var before: String
  var after: String

  func with(_ secret: String) -> String { before + secret + after }
}
