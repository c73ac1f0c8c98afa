/// `repository:tag@digest`, taken apart.
public struct ImageName: Sendable, Equatable {
  public var repository: String
  public var tag: String?
  public var digest: String?

  /// As Docker names it in a list of digests: without Docker Hub's own host and namespace.
  public var familiarRepository: String {
    guard repository.hasPrefix("docker.io/") else { return repository }
    let path = repository.dropFirst("docker.io/".count)
    return String(path.hasPrefix("library/") ? path.dropFirst("library/".count) : path)
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
