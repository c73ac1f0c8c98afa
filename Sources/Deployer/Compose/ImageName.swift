/// `repository:tag@digest`, taken apart.
public struct ImageName: Sendable, Equatable {
  public var repository: String
  public var tag: String?
  public var digest: String?

  /// The registry's host, with its port if it has one. A first component with a dot, with a port or named `localhost` is a
  /// registry; otherwise it is Docker Hub.
  public var registry: String {
    guard let slash = repository.firstIndex(of: "/") else { return "docker.io" }
    let first = String(repository[..<slash])
    let isHost = first.contains(".") || first.contains(":") || first == "localhost"
    return isHost ? Registry.host(first) : "docker.io"
  }

  /// The repository within its registry; for Docker Hub without the namespace of official images.
  public var path: String {
    let first = repository.prefix { $0 != "/" }
    let isFirstHost = first.count < repository.count && (registry != "docker.io" || first.contains("."))
    let path = isFirstHost ? String(repository.dropFirst(first.count + 1)) : repository
    let isOfficial = registry == "docker.io" && path.hasPrefix("library/")
    return isOfficial ? String(path.dropFirst("library/".count)) : path
  }

  /// The name as it was taken apart.
  public var text: String { repository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }

  /// As Docker names it in a list of digests: without Docker Hub's own host and namespace.
  public var familiarRepository: String {
    let hosts = ["docker.io/", "index.docker.io/"]
    guard let host = hosts.first(where: repository.hasPrefix) else { return repository }
    let path = repository.dropFirst(host.count)
    return String(path.hasPrefix("library/") ? path.dropFirst("library/".count) : path)
  }

  /// Whether both are images of one repository. Of a config id that is not known.
  func sharesRepository(with other: ImageName) -> Bool {
    !repository.hasPrefix("sha256:") && familiarRepository == other.familiarRepository
  }

  /// A config id, `sha256:…`, is a name without a tag.
  public init(_ reference: String) {
    guard !reference.hasPrefix("sha256:") else {
      repository = reference
      return
    }
    let parts = reference.split(separator: "@", maxSplits: 1).map(String.init)
    var name = parts.first ?? ""
    digest = parts.count == 2 ? parts[1] : nil
    // A colon before the last slash is a registry's port.
    let slash = name.lastIndex(of: "/") ?? name.startIndex
    if let colon = name[slash...].lastIndex(of: ":") {
      tag = String(name[name.index(after: colon)...])
      name = String(name[..<colon])
    }
    repository = name
  }
}
