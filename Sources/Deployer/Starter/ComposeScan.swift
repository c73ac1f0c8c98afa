import Platform

/// What the text of a compose file shows without Compose: enough for a first inventory, which its owner edits.
public struct ComposeScan: Sendable, Equatable {
  /// In file order.
  public private(set) var services: [String] = []
  /// The profiles of services, in file order.
  public private(set) var profiles: [String] = []
  /// The variables in the tags of images, in file order.
  public private(set) var tagVariables: [String] = []
  /// The first image that takes a variable as its tag.
  public private(set) var image: String?
  /// The other variables that have no default, in alphabetical order.
  public private(set) var variables: [String] = []

  /// Reads block style, as nearly every compose file is written; what it does not understand, it leaves out.
  public init(_ text: String) {
    let lines = text.byteLines.filter { !$0.drop(while: { $0 == " " }).hasPrefix("#") }
    var (isInServices, isExtension) = (false, false)
    var level: Int?
    for line in lines {
      let depth = line.prefix { $0 == " " }.count
      let words = line.dropFirst(depth)
      guard !words.isEmpty else { continue }
      if depth == 0 { (isInServices, isExtension, level) = (words.hasPrefix("services:"), words.hasPrefix("x-"), nil) }
      // What services share is often written above them, once.
      if isExtension, let image = Self.image(in: words) { add(image: image) }
      guard isInServices, depth > 0 else { continue }
      if level == nil { level = depth }
      if depth == level, let name = words.firstMatch(of: /^["']?([A-Za-z0-9._-]+)["']?:/)?.output.1 {
        services.append(String(name))
      }
      if let image = Self.image(in: words) { add(image: image) }
    }
    scanProfiles(lines)
    let open = lines.joined(separator: "\n").replacing("$$", with: "").matches(
      of: /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:\}|:?\?)|([A-Za-z_][A-Za-z0-9_]*))/)
    let names = open.compactMap { ($0.output.1 ?? $0.output.2).map(String.init) }
    variables = Set(names).subtracting(tagVariables).sorted()
  }

  /// On a line of its own, in a mapping on the line of its service, or behind an anchor: `x-image: &image NAME`.
  private static func image(in words: Substring) -> String? {
    let found = words.firstMatch(
      of: /(?:^|[{,]\s*)(?:image:|x-[\w.-]*image[\w.-]*:\s*&)\s*(?:&?[\w-]+\s+)?["']?((?:\$\{[^}]*\}|[^"'\s,}])+)/)
    return found.map { String($0.output.1) }
  }

  /// Lists on the line of their key, and those of which each entry has a line of its own.
  private mutating func scanProfiles(_ lines: [String]) {
    var isInList = false
    for line in lines {
      let words = line.drop { $0 == " " }
      var names = Substring()
      if let found = words.firstMatch(of: /(?:^|[{,]\s*)profiles:\s*(?:\[([^\]]*)\])?/) {
        (isInList, names) = (found.output.1 == nil, found.output.1 ?? "")
      } else if isInList, words.hasPrefix("- ") {
        names = words.dropFirst(2).prefix { $0 != "#" }
      } else {
        isInList = false
      }
      for name in names.split(separator: ",").map({ String($0).trimmed.filter { $0 != "\"" && $0 != "'" } })
      where !name.isEmpty && !profiles.contains(name) {
        profiles.append(name)
      }
    }
  }

  /// Takes the variables of another file of the stack.
  mutating func add(variablesOf other: ComposeScan) {
    variables = Set(variables).union(other.variables).subtracting(tagVariables).sorted()
  }

  private mutating func add(image: String) {
    for name in Self.tag(of: image).matches(of: /\$\{?([A-Za-z_][A-Za-z0-9_]*)/).map({ String($0.output.1) })
    where !tagVariables.contains(name) {
      tagVariables.append(name)
      if self.image == nil { self.image = image }
    }
  }

  /// What follows the last colon that is neither a registry's port nor within braces.
  private static func tag(of image: String) -> Substring {
    var (depth, start) = (0, image.endIndex)
    for index in image.indices {
      switch image[index] {
      case "{": depth += 1
      case "}": depth -= 1
      case "/" where depth == 0: start = image.endIndex
      case ":" where depth == 0: start = image.index(after: index)
      default: break
      }
    }
    return image[start...]
  }
}
