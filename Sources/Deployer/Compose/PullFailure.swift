import Platform

/// Why `pull` failed, and on which image, from the words of Docker and the registry.
struct PullFailure: Equatable {
  enum Cause: Equatable {
    /// The registry has no such tag. A registry without packages of their own says the same of an unknown repository.
    case noSuchTag
    /// There is no such repository, or the login may not read it: registries do not tell which.
    case noAccess
    /// The registry did not accept the login, or there was none.
    case loginRefused
    case rateLimited
    /// The image exists, but not for the host's platform, which Docker names only sometimes.
    case otherPlatform(String?)
    /// The host does not trust the registry's certificate.
    case certificate
    case unreachable
    case diskFull
    case other(line: String)
  }

  var cause: Cause
  /// The image's reference, as the compose files have it if that is known; `nil` if Docker did not name one of several.
  var image: String?
  /// Further images of the same registry that it refuses for the same cause.
  var others: [String] = []
  /// The registry's host; `nil` if nothing says which one it is.
  var registry: String?

  /// Whether it is about one image of several, and nothing says which: then it is worth a closer look. Not if all of them
  /// fail in the same way, or another attempt costs what is short.
  var isVague: Bool {
    guard image == nil else { return false }
    return switch cause {
    case .noSuchTag, .noAccess, .loginRefused, .otherPlatform, .other: true
    case .rateLimited, .certificate, .unreachable, .diskFull: false
    }
  }

  /// Reads the failure from what Compose printed. `images` are those that were to be pulled.
  static func classify(_ output: String, images: [(service: String, reference: String)] = []) -> PullFailure {
    let lines = output.byteLines.filter { !$0.allSatisfy(\.isWhitespace) }
    // The error is at the end. What comes before it can be warnings that happen to use the same words.
    let known = lines.reversed().lazy.compactMap { line in cause(of: line).map { (cause: $0, line: line) } }.first
    let line = known?.line ?? lines.last ?? "no output"
    let failed = PullSubject(of: known == nil ? [line] : lines.reversed(), images: images.map(\.reference))
    return PullFailure(
      cause: known?.cause ?? .other(line: line.excerpt), image: failed.image, registry: failed.registry)
  }

  /// In the order in which they count: a line about a platform also says "not found".
  private static func cause(of line: String) -> Cause? {
    let text = line.lowercased()
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    if text.contains("level=warning") || text.hasPrefix("warn[") { return nil }
    if says("no matching manifest for", "no match for platform", "does not match the specified platform") {
      return .otherPlatform(platform(in: line))
    }
    if says("toomanyrequests", "too many requests") { return .rateLimited }
    if says("no space left") { return .diskFull }
    if says("x509:", "certificate") { return .certificate }
    // Of a file or Docker's own socket, not of an image.
    if says("permission denied") { return nil }
    if says(
      "unauthorized", "authentication required", "no basic auth", "incorrect username or password",
      "http basic: access denied", "failed to fetch oauth token")
    {
      return .loginRefused
    }
    if says("denied", "insufficient_scope", "name unknown", "repository does not exist", "403 forbidden") {
      return .noAccess
    }
    if says("no such host", "connection refused", "dial tcp", "timeout", "deadline exceeded", "connection reset") {
      return .unreachable
    }
    return says("manifest unknown", "not found", "no such manifest") ? .noSuchTag : nil
  }

  /// `linux/amd64` in `no matching manifest for linux/amd64 in the manifest list entries`.
  private static func platform(in line: String) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "for"), index + 1 < words.count else { return nil }
    let platform = words[index + 1].prefix { $0 != "," }
    return platform.contains("/") ? String(platform) : nil
  }
}
