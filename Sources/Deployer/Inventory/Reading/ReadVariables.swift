extension InventoryReader {
  /// The plain and the secret variables of a target. A name must not be in both, and none may be `tagVariable`, which is
  /// `nil` if the target's own is invalid.
  mutating func variables(
    in section: Section, except tagVariable: EnvironmentName?, _ defaults: SecretDefaults
  ) -> (environment: [EnvironmentVariable], secrets: [SecretVariable]) {
    let plain = variableSection("environment", of: section)
    let secret = variableSection("secrets", of: section)
    var environment: [EnvironmentVariable] = []
    for entry in plain.entries {
      let path = plain.path(of: entry.key)
      let name = variable(entry, path, except: tagVariable)
      guard let value = value(entry.value, path), let name else { continue }
      environment.append(EnvironmentVariable(name: name, value: value))
    }
    var secrets: [SecretVariable] = []
    for entry in secret.entries {
      let path = secret.path(of: entry.key)
      let name = variable(entry, path, except: tagVariable)
      if let first = plain.entry(entry.key) {
        report(entry.keyLine, path, "also in 'environment', on line \(first.keyLine)", "remove one of them")
      }
      guard let reference = self.secret(entry.value, path, defaults), let name else { continue }
      secrets.append(SecretVariable(name: name, reference: reference))
    }
    return (environment, secrets)
  }

  private mutating func variableSection(_ key: String, of section: Section) -> Section {
    let path = section.path(of: key)
    return section[key].flatMap { self.section($0, path, known: nil) } ?? Section(path: path, line: section.line)
  }

  private mutating func variable(
    _ entry: Section.Entry, _ path: String, except tagVariable: EnvironmentName?
  ) -> EnvironmentName? {
    guard entry.key != tagVariable?.value else {
      report(entry.keyLine, path, "ktrdr sets it for every deployment", "remove it, and choose a tag with --tag")
      return nil
    }
    return name(entry.key, entry.keyLine, path)
  }

  /// A value that the host can set: without NUL bytes, and below the limit of 128 KiB that Linux has for one variable.
  private mutating func value(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = text(node, path) else { return nil }
    if text.utf8.contains(0) {
      report(node.line, path, "must not contain a NUL byte", "remove it")
      return nil
    }
    guard text.utf8.count < 128 * 1024 else {
      report(node.line, path, "must be smaller than 128 KiB, a limit of Linux", "put it in a file on the host")
      return nil
    }
    return text
  }
}
