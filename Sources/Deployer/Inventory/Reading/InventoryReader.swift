/// Turns YAML nodes into values. Collects every problem instead of stopping at the first.
///
/// A method that returns `nil` has reported a problem, or the key is absent.
struct InventoryReader {
  private(set) var problems: [InventoryProblem]

  init(problems: [InventoryProblem] = []) { self.problems = problems }

  mutating func report(_ line: Int, _ path: String, _ what: String, _ nextStep: String?) {
    problems.append(InventoryProblem(line: line, path: path, what: what, nextStep: nextStep))
  }

  /// The keys and values of a mapping, in order. Reports duplicate and unknown keys and leaves them out. `known` lists
  /// the allowed keys; `nil` if the keys are names that the operator chooses.
  mutating func section(_ node: YAMLNode, _ path: String, known: [String]?) -> Section? {
    guard case .mapping(let pairs) = node.content else {
      wrongType(node, path, wanted: "a mapping", example: "name: value")
      return nil
    }
    var section = Section(path: path, line: node.line)
    for pair in pairs {
      guard case .scalar(let key, _) = pair.key.content else {
        report(pair.key.line, path, "a key must be a single value, not \(pair.key.kind)", "use a plain word")
        continue
      }
      let keyPath = section.path(of: key)
      if let known, !known.contains(key) {
        report(pair.key.line, keyPath, "unknown key \(quoted(key))", Suggestion.nextStep(for: key, among: known))
      } else if let first = section.entry(key) {
        report(pair.key.line, keyPath, "duplicate key, first on line \(first.keyLine)", "remove one of them")
      } else {
        section.append(key, keyLine: pair.key.line, value: pair.value)
      }
    }
    return section
  }

  /// A single value as text, exactly as written: where text is expected, `5432` and `true` are text.
  mutating func text(_ node: YAMLNode, _ path: String) -> String? {
    switch node.content {
    case .scalar(let text, _): return text
    case .null:
      report(node.line, path, "the value is missing", "add one, in quotes if you mean \"\" or \"null\"")
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
      report(node.line, path, "expected true or false, found \(quoted(text))", "write true or false, without quotes")
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

  /// A list of names without duplicates.
  mutating func names<Kind: NameKind>(_ node: YAMLNode?, _ path: String) -> [Name<Kind>] {
    guard let node else { return [] }
    var names: [Name<Kind>] = []
    for element in list(node, path) {
      guard let name: Name<Kind> = name(element, path) else { continue }
      if names.contains(name) {
        report(element.line, path, "\(quoted(name.value)) is listed twice", "remove one of them")
      } else {
        names.append(name)
      }
    }
    return names
  }

  /// The value of a required key.
  mutating func required(_ key: String, in section: Section) -> YAMLNode? {
    if let value = section[key] { return value }
    report(section.line, section.path(of: key), "required key is missing", "add '\(key):'")
    return nil
  }

  private mutating func wrongType(_ node: YAMLNode, _ path: String, wanted: String, example: String) {
    report(node.line, path, "expected \(wanted), found \(node.kind)", "write it like \(example)")
  }
}
