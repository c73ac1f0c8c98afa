extension Inventory {
  /// The largest file that is read, in bytes: about a thousand times a large inventory.
  public static let maximumBytes = 1 << 20

  /// Parses an inventory from YAML. Throws ``InventoryErrors`` with every mistake in it.
  public static func parse(_ yaml: String, origin: Origin) throws(InventoryErrors) -> Inventory {
    guard yaml.utf8.count <= maximumBytes else {
      throw .whole(of: origin.description, "larger than 1 MiB", "check that it is an inventory")
    }
    let (document, problems) = YAMLComposer.compose(yaml)
    guard let document, document.content != .null else {
      guard !problems.isEmpty else {
        throw .whole(of: origin.description, "the file is empty", "start with 'ktrdr config init'")
      }
      throw InventoryErrors(file: origin.description, problems: problems)
    }
    var reader = InventoryReader(problems: problems)
    let inventory = reader.inventory(document, origin: origin)
    guard reader.problems.isEmpty else {
      // The sort is stable: problems on the same line stay in the order in which they were found.
      let ordered = reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
      throw InventoryErrors(file: origin.description, problems: ordered)
    }
    return inventory
  }
}

extension InventoryErrors {
  /// A problem with the file as a whole.
  static func whole(of file: String, _ what: String, _ nextStep: String) -> InventoryErrors {
    InventoryErrors(
      file: file, problems: [InventoryProblem(line: nil, path: "", what: what, nextStep: nextStep)])
  }
}

extension InventoryReader {
  mutating func inventory(_ document: YAMLNode, origin: Inventory.Origin) -> Inventory {
    var inventory = Inventory(registries: [], targets: [], origin: origin)
    let known = ["registry", "registries", "secrets", "tag", "links", "targets"]
    guard let top = section(document, "", known: known) else { return inventory }
    inventory.secretDefaults = top["secrets"].map { secretDefaults($0) } ?? SecretDefaults()
    inventory.registries = registries(in: top, inventory.secretDefaults)
    inventory.links = top["links"].map { links($0) } ?? Links()
    let defaults = TargetDefaults(
      secrets: inventory.secretDefaults, tagFormat: top["tag"].flatMap { tagFormat($0, "tag") } ?? .standard)
    guard let node = required("targets", in: top), let section = section(node, "targets", known: nil) else {
      return inventory
    }
    if section.entries.isEmpty {
      report(section.line, "targets", "no targets", "add one; 'ktrdr config init' writes an example")
    }
    for entry in section.entries {
      guard let target = target(entry, section.path(of: entry.key), defaults) else { continue }
      check(target, against: inventory.targets, entry, section.path(of: entry.key))
      inventory.targets.append(target)
    }
    checkGroupNames(inventory.targets, section)
    return inventory
  }

  /// Reports what a target must not have in common with the targets above it.
  private mutating func check(_ target: Target, against others: [Target], _ entry: Section.Entry, _ path: String) {
    if target.name.value == "all" {
      report(entry.keyLine, path, "'all' means every target", "rename it")
    }
    guard let group = target.group, let node = target.node?.lowercased() else { return }
    if let other = others.first(where: { $0.group == group && $0.node?.lowercased() == node }) {
      report(
        entry.keyLine, "\(path).node", "'\(other.name)' already has this node in group '\(group)'",
        "choose another node")
    }
  }

  /// Reports groups with the name of a target: on the command line a name must mean one or the other.
  private mutating func checkGroupNames(_ targets: [Target], _ section: Section) {
    for target in targets {
      guard let group = target.group, let line = section.entry(target.name.value)?.keyLine else { continue }
      let path = section.path(of: target.name.value) + ".group"
      if group.value == "all" {
        report(line, path, "'all' means every group", "rename it")
      } else if targets.contains(where: { $0.name == group }) {
        report(line, path, "'\(group)' is also the name of a target", "rename one of them")
      }
    }
  }
}
