/// Serialises an inventory as YAML.
public enum InventoryDocument {
  /// The YAML of `inventory` with every default written out, for `config show`. Parsing it gives the same inventory,
  /// unless a reference has no vault or account while the defaults have one: the format cannot express that.
  public static func yaml(of inventory: Inventory) -> String {
    var lines: [String] = []
    let defaults = inventory.secretDefaults
    let registries = inventory.registries.map { keys(of: $0, defaults) }
    if registries.count == 1 { lines += ["registry:"] + registries[0].map { "  \($0)" } }
    if registries.count > 1 {
      lines.append("registries:")
      lines += registries.flatMap { keys in ["  - \(keys[0])"] + keys.dropFirst().map { "    \($0)" } }
    }
    if defaults != SecretDefaults() {
      lines.append("secrets:")
      lines += pairs(of: defaults).map { "  \($0.key): \(YAMLText.scalar($0.value))" }
    }
    let links = [("commit", inventory.links.commit?.text), ("image", inventory.links.image?.text)]
    let given = links.compactMap { key, text in text.map { "  \(key): \(YAMLText.scalar($0))" } }
    if !given.isEmpty { lines += ["links:"] + given }
    lines.append("targets:")
    lines += inventory.targets.flatMap { target in
      ["  \(YAMLText.scalar(target.name.value)):"] + keys(of: target, defaults).map { "    \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func keys(of registry: Registry, _ defaults: SecretDefaults) -> [String] {
    [
      "server: \(YAMLText.scalar(registry.server))", "username: \(YAMLText.scalar(registry.username))",
      "token: \(text(of: registry.token, defaults))",
    ]
  }

  private static func keys(of target: Target, _ defaults: SecretDefaults) -> [String] {
    var lines: [String] = []
    if let group = target.group, let node = target.node {
      lines += ["group: \(YAMLText.scalar(group.value))", "node: \(YAMLText.scalar(node))"]
    }
    lines += ["host: \(YAMLText.scalar(target.host.value))", "directory: \(YAMLText.scalar(target.directory))"]
    let lists = [
      ("compose_files", target.composeFiles), ("env_files", target.envFiles),
      ("services", target.services.map(\.value)), ("profiles", target.profiles.map(\.value)),
    ]
    for (key, values) in lists where !values.isEmpty { lines.append("\(key): \(YAMLText.list(values))") }
    lines.append("tag_variable: \(YAMLText.scalar(target.tagVariable.value))")
    lines.append("tag: {from: git, format: \(YAMLText.scalar(target.tagFormat.text))}")
    if !target.environment.isEmpty {
      lines.append("environment:")
      lines += target.environment.map { "  \(YAMLText.scalar($0.name.value)): \(YAMLText.scalar($0.value))" }
    }
    if !target.secrets.isEmpty {
      lines.append("secrets:")
      lines += target.secrets.map { "  \(YAMLText.scalar($0.name.value)): \(text(of: $0.reference, defaults))" }
    }
    return lines + [
      "up_timeout: \(target.upTimeout.text)", "health_timeout: \(target.healthTimeout.text)",
      "stable_for: \(target.stableFor.text)",
      "rollback_on_failure: \(target.rollbackOnFailure)",
    ]
  }

  /// Just the field, or a mapping if the reference differs from the defaults.
  private static func text(of reference: SecretReference, _ defaults: SecretDefaults) -> String {
    var own = SecretDefaults()
    if reference.item != defaults.item { own.item = reference.item }
    if reference.vault != defaults.vault { own.vault = reference.vault }
    if reference.account != defaults.account { own.account = reference.account }
    var parts = ["field: \(YAMLText.scalar(reference.field))"]
    parts += pairs(of: own).map { "\($0.key): \(YAMLText.scalar($0.value))" }
    if !reference.sensitive { parts.append("sensitive: false") }
    return parts.count == 1 ? YAMLText.scalar(reference.field) : "{\(parts.joined(separator: ", "))}"
  }

  private static func pairs(of defaults: SecretDefaults) -> [(key: String, value: String)] {
    let all = [("item", defaults.item), ("vault", defaults.vault), ("account", defaults.account)]
    return all.compactMap { key, value in value.map { (key: key, value: $0) } }
  }
}
