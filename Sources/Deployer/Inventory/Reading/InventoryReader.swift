/// Turns nodes into values and keeps every problem instead of stopping at the first.
///
/// A function that returns `nil` has reported why, or the key was not there at all.
struct InventoryReader {
  private(set) var problems: [InventoryProblem]

  init(problems: [InventoryProblem] = []) { self.problems = problems }

  mutating func report(_ line: Int, _ path: String, _ what: String, _ nextStep: String) {
    problems.append(InventoryProblem(line: line, path: path, what: what, nextStep: nextStep))
  }

  /// A mapping's keys and values in order, without the duplicates, which are reported. `known` are the keys that may
  /// occur; `nil` where they are names that the operator chooses.
  mutating func section(_ node: YAMLNode, _ path: String, known: [String]?) -> Section? {
    guard case .mapping(let pairs) = node.content else {
      wrongType(node, path, wanted: "a mapping", example: "name: value")
      return nil
    }
    var section = Section(path: path, line: node.line)
    for pair in pairs {
      guard case .scalar(let key, _) = pair.key.content else {
        report(pair.key.line, path, "a key is \(pair.key.kind)", "use a plain word as the key")
        continue
      }
      let keyPath = section.path(of: key)
      if let known, !known.contains(key) {
        report(pair.key.line, keyPath, "unknown key \(shown(key))", Suggestion.nextStep(for: key, among: known))
      } else if let first = section.entry(key) {
        report(pair.key.line, keyPath, "it is given twice, first in line \(first.keyLine)", "remove one of them")
      } else {
        section.append(key, keyLine: pair.key.line, value: pair.value)
      }
    }
    return section
  }

  /// A single value as it is written: `5432` and `true` are texts where a text is wanted.
  mutating func text(_ node: YAMLNode, _ path: String) -> String? {
    switch node.content {
    case .scalar(let text, _): return text
    case .null:
      report(node.line, path, "it has no value", "give it one, in quotes if it is meant: \"\" or \"null\"")
    case .list, .mapping:
      wrongType(node, path, wanted: "a single value", example: "\"text\"")
    }
    return nil
  }

  mutating func flag(_ node: YAMLNode, _ path: String) -> Bool? {
    switch node.content {
    case .scalar("true", plain: true): return true
    case .scalar("false", plain: true): return false
    case .scalar(let text, _):
      report(node.line, path, "\(shown(text)) is neither true nor false", "write true or false, without quotes")
    case .null, .list, .mapping:
      wrongType(node, path, wanted: "true or false", example: "true")
    }
    return nil
  }

  mutating func list(_ node: YAMLNode, _ path: String) -> [YAMLNode] {
    guard case .list(let elements) = node.content else {
      wrongType(node, path, wanted: "a list", example: "[one, two]")
      return []
    }
    return elements
  }

  mutating func name<Kind: NameKind>(_ text: String, _ line: Int, _ path: String) -> Name<Kind>? {
    do throws(InvalidName) {
      return try Name<Kind>(text)
    } catch {
      report(line, path, error.what, error.nextStep)
      return nil
    }
  }

  mutating func name<Kind: NameKind>(_ node: YAMLNode?, _ path: String) -> Name<Kind>? {
    guard let node, let text = text(node, path) else { return nil }
    return name(text, node.line, path)
  }

  /// A list of names, each once.
  mutating func names<Kind: NameKind>(_ node: YAMLNode?, _ path: String) -> [Name<Kind>] {
    guard let node else { return [] }
    var names: [Name<Kind>] = []
    for element in list(node, path) {
      guard let name: Name<Kind> = name(element, path) else { continue }
      if names.contains(name) {
        report(element.line, path, "\(shown(name.value)) is listed twice", "remove one of them")
      } else {
        names.append(name)
      }
    }
    return names
  }

  /// The value of a key that must be there.
  mutating func required(_ key: String, in section: Section) -> YAMLNode? {
    if let value = section[key] { return value }
    report(section.line, section.path(of: key), "it is missing", "add '\(key):'")
    return nil
  }

  private mutating func wrongType(_ node: YAMLNode, _ path: String, wanted: String, example: String) {
    report(node.line, path, "it is \(node.kind), not \(wanted)", "write \(wanted), e.g. \(example)")
  }
}
