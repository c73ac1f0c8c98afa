/// Arguments that do not name a target, group or node. The next step lists those that exist.
public struct UnknownTarget: OperatorError, Equatable {
  public let what: String
  public let nextStep: String?
}

extension Inventory {
  /// The groups, in file order.
  public var groups: [TargetName] {
    targets.compactMap(\.group).reduce(into: []) { groups, group in
      if !groups.contains(group) { groups.append(group) }
    }
  }

  public func target(named name: String) -> Target? { targets.first { $0.name.value == name } }

  /// The targets of a group, in file order; empty if there is no such group.
  public func group(_ name: String) -> [Target] { targets.filter { $0.group?.value == name } }

  /// The node names of a group, in file order.
  public func nodes(of group: String) -> [String] { self.group(group).compactMap(\.node) }

  /// The target that is `node` of `group`, ignoring case. Throws ``UnknownTarget``.
  public func target(node: String, of group: String) throws(UnknownTarget) -> Target {
    if let target = member(node, of: group) { return target }
    guard !self.group(group).isEmpty else { throw unknownGroup(group) }
    throw UnknownTarget(
      what: "group '\(group)' has no node \(quoted(node))",
      nextStep: Suggestion.expected(nodes(of: group)))
  }

  /// The targets that `arguments` name, without duplicates, in order: `core`, `workers-b`, `workers B C`,
  /// `workers`, `workers all`, `all`. Without arguments, every target. Throws ``UnknownTarget``.
  public func resolve(_ arguments: [String]) throws(UnknownTarget) -> [Target] {
    guard !arguments.isEmpty else { return targets }
    var found: [Target] = []
    var rest = arguments[...]
    while !rest.isEmpty {
      let (targets, after) = try resolveFirst(rest)
      // What follows a group is one of its nodes, or another group or target. It is neither: report an unknown node.
      if let word = after.first, let group = rest.first, !isGroupOrTarget(word), !self.group(group).isEmpty {
        _ = try target(node: word, of: group)
      }
      found += targets.filter { !found.contains($0) }
      rest = after
    }
    return found
  }

  /// The targets that the first of `arguments` name, and the remaining arguments, e.g. the services in
  /// `rollback workers B db`. After a group, takes all arguments that are nodes of it. Throws ``UnknownTarget``, also if
  /// there are no arguments. `takesServices` if services may follow them.
  public func resolveFirst(
    _ arguments: ArraySlice<String>, takesServices: Bool = false
  ) throws(UnknownTarget) -> (targets: [Target], rest: ArraySlice<String>) {
    guard let first = arguments.first else {
      throw UnknownTarget(what: "no target given", nextStep: Suggestion.expected(knownNames))
    }
    let after = arguments.dropFirst()
    if let target = target(named: first) { return ([target], after) }
    if first == "all" { return (targets, after) }
    guard !group(first).isEmpty else { throw unknown(first, takesServices: takesServices) }
    if after.first?.lowercased() == "all" { return (group(first), after.dropFirst()) }
    let members = after.prefix { member($0, of: first) != nil }.compactMap { member($0, of: first) }
    return (members.isEmpty ? group(first) : members, after.dropFirst(members.count))
  }

  private func member(_ node: String, of group: String) -> Target? {
    self.group(group).first { $0.node?.lowercased() == node.lowercased() }
  }

  private func isGroupOrTarget(_ word: String) -> Bool { word == "all" || knownNames.contains(word) }

  /// The names of all targets, then of all groups.
  public var knownNames: [String] { targets.map(\.name.value) + groups.map(\.value) }

  /// The error for a word that is not the name of a group.
  public func unknownGroup(_ word: String) -> UnknownTarget {
    UnknownTarget(
      what: "unknown group \(quoted(word))", nextStep: Suggestion.choice(for: word, among: groups.map(\.value)))
  }

  /// The error for a word that is not the name of a target.
  public func unknownTarget(_ word: String) -> UnknownTarget {
    UnknownTarget(
      what: "unknown target \(quoted(word))", nextStep: Suggestion.choice(for: word, among: targets.map(\.name.value)))
  }

  /// The error for a word that is the name of neither a target nor a group. `takesServices` if services may follow it.
  public func unknown(_ word: String, takesServices: Bool = false) -> UnknownTarget {
    let what = "unknown target or group \(quoted(word))"
    if let target = targets.first(where: { $0.services.contains { $0.value == word } }) {
      let next = takesServices ? ": write '\(target.name) \(word)'" : ", and this command takes whole targets"
      return UnknownTarget(what: what, nextStep: "it is a service of \(target.name)\(next)")
    }
    let choice = Suggestion.choice(for: word, among: knownNames)
    guard origin == .builtIn, Suggestion.nearest(to: word, among: knownNames) == nil else {
      return UnknownTarget(what: what, nextStep: choice)
    }
    return UnknownTarget(
      what: what, nextStep: "\(choice); for a stack of your own, 'ktrdr init' writes an inventory")
  }
}
