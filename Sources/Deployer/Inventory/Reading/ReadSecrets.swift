extension InventoryReader {
  mutating func registry(_ node: YAMLNode, defaults: SecretDefaults) -> Registry? {
    guard let section = section(node, "registry", known: ["server", "username", "token"]) else { return nil }
    let server = required("server", in: section).flatMap { address($0, section.path(of: "server")) }
    let username = required("username", in: section).flatMap { line($0, section.path(of: "username")) }
    let token = required("token", in: section).flatMap { secret($0, section.path(of: "token"), defaults) }
    if let username, username.contains(":") {
      report(
        section["username"]?.line ?? section.line, "registry.username", "it contains ':'", "use the user's name alone")
    }
    if token?.sensitive == false {
      report(
        section["token"]?.line ?? section.line, "registry.token", "a token is always sensitive", "remove 'sensitive'")
    }
    guard let server, let username, let token else { return nil }
    return Registry(server: server, username: username, token: token)
  }

  mutating func secretDefaults(_ node: YAMLNode) -> SecretDefaults {
    guard let section = section(node, "secrets", known: ["item", "vault", "account"]) else { return SecretDefaults() }
    return SecretDefaults(
      item: section["item"].flatMap { argument($0, "secrets.item") },
      vault: section["vault"].flatMap { argument($0, "secrets.vault") },
      account: section["account"].flatMap { argument($0, "secrets.account") })
  }

  /// A field's name, or a mapping that says more about it.
  mutating func secret(_ node: YAMLNode, _ path: String, _ defaults: SecretDefaults) -> SecretReference? {
    guard case .mapping = node.content else {
      guard let field = line(node, path) else { return nil }
      return reference(field, Section(path: path, line: node.line), defaults)
    }
    let known = ["field", "item", "vault", "account", "sensitive"]
    guard let section = section(node, path, known: known) else { return nil }
    guard let node = required("field", in: section), let field = line(node, section.path(of: "field")) else {
      return nil
    }
    return reference(field, section, defaults)
  }

  private mutating func reference(
    _ field: String, _ section: Section, _ defaults: SecretDefaults
  ) -> SecretReference? {
    let item = section["item"].map { argument($0, section.path(of: "item")) } ?? defaults.item
    let vault = section["vault"].map { argument($0, section.path(of: "vault")) } ?? defaults.vault
    let account = section["account"].map { argument($0, section.path(of: "account")) } ?? defaults.account
    let sensitive = section["sensitive"].map { flag($0, section.path(of: "sensitive")) } ?? true
    if item == nil, section["item"] == nil {
      report(
        section.line, section.path, "no 1Password item is named for it",
        "add 'secrets: {item: …}' at the top of the file")
    }
    guard let item, let sensitive else { return nil }
    return SecretReference(item: item, vault: vault, account: account, field: field, sensitive: sensitive)
  }

  /// A text of one line that is not empty.
  mutating func line(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = text(node, path) else { return nil }
    guard !text.isEmpty else {
      report(node.line, path, "it is empty", "give it a value")
      return nil
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      report(node.line, path, "it contains a line break or another control character", "write it on one line")
      return nil
    }
    return text
  }

  /// A text that becomes an argument of `op`, where a leading `-` would be an option.
  private mutating func argument(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = line(node, path) else { return nil }
    guard text.hasPrefix("-") else { return text }
    report(node.line, path, "it begins with '-', which 'op' takes for an option", "name it by its id instead")
    return nil
  }

  /// `host` or `host:port`, without a scheme or a path.
  private mutating func address(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = line(node, path) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let hostIsRight = HostKind.refusal(of: String(parts[0])) == nil && !text.contains("@")
    let port = parts.count == 2 ? parts[1] : "443"
    let portIsRight = port.unicodeScalars.allSatisfy(\.isDigit) && UInt16(port).map { $0 > 0 } ?? false
    if hostIsRight, portIsRight, parts.count <= 2 { return text }
    report(node.line, path, "\(shown(text)) is not a registry's address", "use 'host' or 'host:port', e.g. 'ghcr.io'")
    return nil
  }
}
