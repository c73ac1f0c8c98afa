extension InventoryReader {
  /// The value of `registries`, or the one of `registry`.
  mutating func registries(in top: Section, _ defaults: SecretDefaults) -> [Registry] {
    let one = top["registry"].flatMap { registry($0, "registry", defaults) }
    guard let node = top["registries"] else { return one.map { [$0] } ?? [] }
    if let line = top.entry("registry")?.keyLine {
      report(line, "registry", "'registry' and 'registries' cannot be combined", "move it into 'registries'")
    }
    var all: [Registry] = []
    for (index, element) in list(node, "registries").enumerated() {
      let path = "registries[\(index)]"
      guard let registry = registry(element, path, defaults) else { continue }
      if all.contains(where: { $0.host == registry.host }) {
        report(element.line, path, "\(quoted(registry.server)) is listed twice", "remove one of them")
      } else {
        all.append(registry)
      }
    }
    return all
  }

  private mutating func registry(_ node: YAMLNode, _ path: String, _ defaults: SecretDefaults) -> Registry? {
    guard let section = section(node, path, known: ["server", "username", "token"]) else { return nil }
    let server = required("server", in: section).flatMap { address($0, section.path(of: "server")) }
    // A registry that needs no login is no login.
    guard section["username"] != nil || section["token"] != nil else { return nil }
    let username = required("username", in: section).flatMap { line($0, section.path(of: "username")) }
    let token = required("token", in: section).flatMap { secret($0, section.path(of: "token"), defaults) }
    if let username, username.contains(":") {
      report(
        section["username"]?.line ?? section.line, section.path(of: "username"), "must not contain ':'",
        "use only the user name")
    }
    if token?.sensitive == false {
      report(
        section["token"]?.line ?? section.line, section.path(of: "token"), "a token is always sensitive",
        "remove 'sensitive'")
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

  /// Reads a reference to a secret: the name of a field, or a mapping.
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
        section.line, section.path, "no 1Password item given",
        "add 'item', or a default: 'secrets: {item: …}' at the top of the file")
    }
    guard let item, let sensitive else { return nil }
    return SecretReference(item: item, vault: vault, account: account, field: field, sensitive: sensitive)
  }

  /// Non-empty text on a single line.
  mutating func line(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = text(node, path) else { return nil }
    guard !text.isEmpty else {
      report(node.line, path, "must not be empty", "add a value")
      return nil
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      report(node.line, path, "must not contain line breaks or control characters", "write it on one line")
      return nil
    }
    return text
  }

  /// Text that becomes an argument of `op`, where a leading `-` would make it an option.
  private mutating func argument(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = line(node, path) else { return nil }
    guard text.hasPrefix("-") else { return text }
    report(node.line, path, "must not start with '-', which op reads as an option", "use its id instead")
    return nil
  }

  /// `host` or `host:port`, without a scheme or a path.
  private mutating func address(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = line(node, path) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isHostValid = HostKind.violation(in: String(parts[0])) == nil && !text.contains("@")
    let port = parts.count == 2 ? parts[1] : "443"
    let isPortValid = port.unicodeScalars.allSatisfy(\.isDigit) && UInt16(port).map { $0 > 0 } ?? false
    if isHostValid, isPortValid, parts.count <= 2 { return text }
    report(node.line, path, "invalid registry address \(quoted(text))", "use 'host' or 'host:port', such as 'ghcr.io'")
    return nil
  }
}
