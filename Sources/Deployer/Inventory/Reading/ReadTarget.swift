/// What the top of the file gives every target.
struct TargetDefaults {
  var secrets: SecretDefaults
  var tagFormat: TagFormat
}

extension InventoryReader {
  static let targetKeys = [
    "group", "node", "host", "directory", "compose_files", "env_files", "services", "profiles", "tag_variable",
    "tag", "environment", "secrets", "up_timeout", "health_timeout", "stable_for", "rollback_on_failure",
  ]

  mutating func target(_ entry: Section.Entry, _ path: String, _ defaults: TargetDefaults) -> Target? {
    let name: TargetName? = name(entry.key, entry.keyLine, path)
    guard let section = section(entry.value, path, known: Self.targetKeys) else { return nil }
    let host: HostName? = self.name(required("host", in: section), section.path(of: "host"))
    let directory = required("directory", in: section).flatMap { self.directory($0, section.path(of: "directory")) }
    let (group, node) = place(in: section)
    let composeFiles = files("compose_files", in: section)
    let envFiles = files("env_files", in: section)
    let services = services(in: section)
    let profiles: [ProfileName] = names(section["profiles"], section.path(of: "profiles"))
    let tagVariable: EnvironmentName? =
      section["tag_variable"].map { self.name($0, section.path(of: "tag_variable")) } ?? .imageTag
    let (environment, secrets) = variables(in: section, except: tagVariable, defaults.secrets)
    let tagFormat = section["tag"].flatMap { self.tagFormat($0, section.path(of: "tag")) } ?? defaults.tagFormat
    let upTimeout = section["up_timeout"].flatMap { duration($0, section.path(of: "up_timeout")) }
    let timeout = section["health_timeout"].flatMap { duration($0, section.path(of: "health_timeout")) }
    let stable = section["stable_for"].flatMap { duration($0, section.path(of: "stable_for"), from: 0) }
    let rollback = section["rollback_on_failure"].flatMap { flag($0, section.path(of: "rollback_on_failure")) }
    guard let name, let host, let directory, let tagVariable else { return nil }
    var target = Target(
      name: name, group: group, node: node, host: host, directory: directory, composeFiles: composeFiles,
      envFiles: envFiles, services: services, profiles: profiles, tagVariable: tagVariable, tagFormat: tagFormat,
      environment: environment, secrets: secrets, healthTimeout: timeout ?? Target.defaultHealthTimeout,
      stableFor: stable ?? Target.defaultStableFor, rollbackOnFailure: rollback ?? false)
    target.upTimeout = upTimeout ?? Target.defaultUpTimeout
    return target
  }

  /// Where the image tag comes from. git is the only source so far; `from` keeps the key open for another one.
  mutating func tagFormat(_ node: YAMLNode, _ path: String) -> TagFormat? {
    guard let section = section(node, path, known: ["from", "format"]) else { return nil }
    if let from = section["from"], let source = text(from, section.path(of: "from")), source != "git" {
      report(from.line, section.path(of: "from"), "unknown source \(quoted(source))", "write 'from: git'")
    }
    guard let format = required("format", in: section), let text = text(format, section.path(of: "format")) else {
      return nil
    }
    do throws(InvalidTagFormat) {
      return try TagFormat(text)
    } catch {
      report(format.line, section.path(of: "format"), error.what, error.nextStep)
      return nil
    }
  }

  /// The group and the node within it: both or neither.
  private mutating func place(in section: Section) -> (group: TargetName?, node: String?) {
    let group: TargetName? = name(section["group"], section.path(of: "group"))
    let node: Name<NodeKind>? = name(section["node"], section.path(of: "node"))
    for (key, other) in [("group", "node"), ("node", "group")] where section[key] != nil && section[other] == nil {
      report(section[key]?.line ?? section.line, section.path(of: key), "a \(key) needs a \(other)", "add '\(other):'")
    }
    return (group, node?.value)
  }

  private mutating func services(in section: Section) -> [ServiceName] {
    let path = section.path(of: "services")
    let services: [ServiceName] = names(section["services"], path)
    if services.contains(where: { $0.value == "all" }) {
      report(section["services"]?.line ?? section.line, path, "'all' means every service", "remove it from the list")
    }
    return services
  }

  /// The stack's directory, written as Compose writes it into the labels of the containers, which are looked up by it.
  private mutating func directory(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = line(node, path) else { return nil }
    guard text.hasPrefix("/") else {
      report(
        node.line, path, "\(quoted(text)) is not an absolute path",
        "start it with '/'; '~' and variables are not expanded")
      return nil
    }
    let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      report(node.line, path, "\(quoted(text)) has an empty component, '.' or '..'", "write it like '/opt/ktrdr-core'")
      return nil
    }
    return text
  }

  /// Files below the stack's directory, without duplicates.
  private mutating func files(_ key: String, in section: Section) -> [String] {
    guard let node = section[key] else { return [] }
    let path = section.path(of: key)
    var files: [String] = []
    for element in list(node, path) {
      guard let file = line(element, path) else { continue }
      if file.hasPrefix("/") || file.split(separator: "/").contains("..") {
        report(element.line, path, "\(quoted(file)) is outside 'directory'", "use a path relative to 'directory'")
      } else if file.hasPrefix("-") {
        report(element.line, path, "\(quoted(file)) looks like an option", "write './\(file)'")
      } else if files.contains(file) {
        report(element.line, path, "\(quoted(file)) is listed twice", "remove one of them")
      } else {
        files.append(file)
      }
    }
    return files
  }

  private mutating func duration(_ node: YAMLNode, _ path: String, from minimum: Int = 1) -> Duration? {
    guard let text = text(node, path) else { return nil }
    do throws(InvalidDuration) {
      return try Duration(text: text, from: minimum)
    } catch {
      report(node.line, path, error.what, error.nextStep)
      return nil
    }
  }
}

/// The name of a target within its group.
enum NodeKind: NameKind {
  static let noun = "node name"
  static let rule = "up to 63 letters, digits, '.', '_' and '-', starting with a letter or digit, but not 'all'"

  static func violation(in value: String) -> String? {
    if value.lowercased() == "all" { return "'all' means every node" }
    return violation(in: value, upTo: 63, first: { $0.isWord && $0 != "_" }, rest: { $0.isWord || $0.isSeparator })
  }
}
