/// Which image and registry an error of `pull` is about.
struct PullSubject: Equatable {
  var image: String?
  var registry: String?

  /// The first of `lines` that names an image decides; `images` are those that were to be pulled. If no line does, it is
  /// the only one of them that there is, or the only one from the registry that a line names.
  init(of lines: [String], images: [String]) {
    let images = images.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    for line in lines {
      guard let named = Self.named(in: line, images) else { continue }
      image = named
      registry = ImageName(named).registry
      return
    }
    registry = lines.lazy.compactMap(Self.host).first ?? Self.hubsLimit(in: lines)
    let candidates = images.filter { registry == nil || ImageName($0).registry == registry }
    if candidates.count == 1 { image = candidates[0] }
    let registries = Set(candidates.map { ImageName($0).registry })
    if registry == nil, registries.count == 1 { registry = registries.first }
  }

  private static func named(in line: String, _ images: [String]) -> String? {
    guard let name = reference(in: line) else { return nil }
    let known = images.first { isSame(ImageName($0), name) } ?? images.first { hasSameRepository(ImageName($0), name) }
    return known ?? name.text
  }

  /// The image that Docker's known sentences name.
  private static func reference(in line: String) -> ImageName? {
    for (before, after) in [
      ("failed to resolve reference \"", "\""), ("manifest for ", " not found"), ("pull access denied for ", ","),
      ("image with reference ", " was found"),
    ] {
      if let text = line.between(before, after), !text.isEmpty { return ImageName(text) }
    }
    return address(in: line).map { ImageName("\($0.host)/\($0.path)\($0.tag)") }
  }

  /// `https://HOST/v2/PATH/manifests/TAG`, or the registry's request for a token for PATH.
  private static func address(in line: String) -> (host: String, path: String, tag: String)? {
    guard let host = host(in: line) else { return nil }
    if let path = line.between("/v2/", "/manifests/") ?? line.between("/v2/", "/blobs/"), !path.isEmpty {
      let tag = line.between("/manifests/", "\"") ?? line.between("/manifests/", ": ") ?? ""
      return (host, path, tag.isEmpty ? "" : tag.hasPrefix("sha256:") ? "@\(tag)" : ":\(tag)")
    }
    guard let path = line.between("scope=repository%3A", "%3A"), !path.isEmpty else { return nil }
    let service = line.between("service=", "\"").map { Registry.host(String($0.prefix { $0 != "&" })) }
    return (service ?? host, path.replacing("%2F", with: "/"), "")
  }

  /// Docker Hub names nothing but a page about its limit.
  private static func hubsLimit(in lines: [String]) -> String? {
    lines.contains { $0.contains("docker.com/increase-rate-limit") } ? "docker.io" : nil
  }

  /// The host of a URL that is a request to a registry.
  private static func host(in line: String) -> String? {
    guard line.contains("/v2/") || line.contains("scope=repository") else { return nil }
    guard let start = line.between("https://", "/") ?? line.between("http://", "/"), !start.isEmpty else { return nil }
    return Registry.host(start)
  }

  private static func isSame(_ one: ImageName, _ other: ImageName) -> Bool {
    hasSameRepository(one, other) && (one.tag == other.tag || one.digest == other.digest && one.digest != nil)
  }

  private static func hasSameRepository(_ one: ImageName, _ other: ImageName) -> Bool {
    one.registry == other.registry && one.path == other.path
  }
}

extension StringProtocol {
  /// The text after the first `start`, up to the next `end`; `nil` if either is missing.
  fileprivate func between(_ start: String, _ end: String) -> String? {
    guard let from = firstRange(of: start)?.upperBound, let to = self[from...].firstRange(of: end)?.lowerBound else {
      return nil
    }
    return String(self[from..<to])
  }
}
