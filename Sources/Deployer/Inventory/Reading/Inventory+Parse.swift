extension Inventory {
  /// The largest file that is read: a thousand times what a large inventory needs.
  public static let maximumBytes = 1 << 20

  /// Reads the YAML of an inventory. Throws ``InventoryErrors`` with everything that is wrong with it, at once.
  public static func parse(_ yaml: String, origin: Origin) throws(InventoryErrors) -> Inventory {
    guard yaml.utf8.count <= maximumBytes else {
      throw .whole(of: origin.description, "it is larger than 1 MiB", "check that it is the inventory")
    }
    let (document, problems) = YAMLComposer.compose(yaml)
    guard let document, document.content != .null else {
      if problems.isEmpty { throw .whole(of: origin.description, "it is empty", "see 'ktrdr config init'") }
      throw InventoryErrors(file: origin.description, problems: problems)
    }
    var reader = InventoryReader(problems: problems)
    let inventory = reader.inventory(document, origin: origin)
    guard reader.problems.isEmpty else {
      // Swift's sort is stable, so what is said about one line stays in the order in which it was found.
      let ordered = reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
      throw InventoryErrors(file: origin.description, problems: ordered)
    }
    return inventory
  }
}

extension InventoryErrors {
  /// An error about a file as a whole.
  static func whole(of file: String, _ what: String, _ nextStep: String) -> InventoryErrors {
    InventoryErrors(
      file: file, problems: [InventoryProblem(line: nil, path: "", what: what, nextStep: nextStep)])
  }
}

extension InventoryReader {
  mutating func inventory(_ document: YAMLNode, origin: Inventory.Origin) -> Inventory {
    var inventory = Inventory(registry: nil, targets: [], origin: origin)
    guard let top = section(document, "", known: ["registry", "secrets", "targets"]) else { return inventory }
    inventory.secretDefaults = top["secrets"].map { secretDefaults($0) } ?? SecretDefaults()
    inventory.registry = top["registry"].flatMap { registry($0, defaults: inventory.secretDefaults) }
    guard let node = required("targets", in: top), let section = section(node, "targets", known: nil) else {
      return inventory
    }
    if section.entries.isEmpty {
      report(section.line, "targets", "there is no target", "add one, as 'ktrdr config init' shows")
    }
    for entry in section.entries {
      guard let target = target(entry, section.path(of: entry.key), inventory.secretDefaults) else { continue }
      check(target, against: inventory.targets, entry, section.path(of: entry.key))
      inventory.targets.append(target)
    }
    checkGroupNames(inventory.targets, section)
    return inventory
  }

  /// What one target may not share with those above it.
  private mutating func check(_ target: Target, against others: [Target], _ entry: Section.Entry, _ path: String) {
    if target.name.value == "all" {
      report(entry.keyLine, path, "'all' means every target", "call it otherwise")
    }
    guard let group = target.group, let node = target.node?.lowercased() else { return }
    if let other = others.first(where: { $0.group == group && $0.node?.lowercased() == node }) {
      report(
        entry.keyLine, "\(path).node", "'\(other.name)' has this node of group '\(group)' already",
        "give it another node")
    }
  }

  /// A word must mean either a target or a group.
  private mutating func checkGroupNames(_ targets: [Target], _ section: Section) {
    for target in targets {
      guard let group = target.group, let line = section.entry(target.name.value)?.keyLine else { continue }
      let path = section.path(of: target.name.value) + ".group"
      if group.value == "all" {
        report(line, path, "'all' means every group", "call it otherwise")
      } else if targets.contains(where: { $0.name == group }) {
        report(line, path, "'\(group)' is a target's name already", "call the group or the target otherwise")
      }
    }
  }
}
