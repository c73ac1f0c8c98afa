/// Words that name no target. It says what is known instead.
public struct UnknownTarget: Error, Equatable, CustomStringConvertible {
  public let what: String
  public let nextStep: String
  public var description: String { "\(what); \(nextStep)" }
}

extension Inventory {
  /// The groups, in the order of the file.
  public var groups: [TargetName] {
    targets.compactMap(\.group).reduce(into: []) { groups, group in
      if !groups.contains(group) { groups.append(group) }
    }
  }

  public func target(named name: String) -> Target? { targets.first { $0.name.value == name } }

  /// The targets of a group, in the order of the file; empty when there is no such group.
  public func group(_ name: String) -> [Target] { targets.filter { $0.group?.value == name } }

  /// The node names of a group, in the order of the file.
  public func nodes(of group: String) -> [String] { self.group(group).compactMap(\.node) }

  /// The target that is `node` of `group`; case does not matter. Throws ``UnknownTarget``.
  public func target(node: String, of group: String) throws(UnknownTarget) -> Target {
    if let target = member(node, of: group) { return target }
    guard !self.group(group).isEmpty else { throw unknownGroup(group) }
    throw UnknownTarget(
      what: "group '\(group)' has no node \(shown(node))",
      nextStep: "its nodes are: \(nodes(of: group).joined(separator: ", "))")
  }

  /// The targets that `words` name, each once, in the order of the words: `core`, `workers-b`, `workers B C`,
  /// `workers`, `workers all`, `all`. No word means every target. Throws ``UnknownTarget``.
  public func resolve(_ words: [String]) throws(UnknownTarget) -> [Target] {
    guard !words.isEmpty else { return targets }
    var found: [Target] = []
    var rest = words[...]
    while !rest.isEmpty {
      let (targets, after) = try resolveFirst(rest)
      // A word after a group is a node of it or begins anew; neither fits, so it was meant as a node.
      if let word = after.first, let group = rest.first, !isGroupOrTarget(word), !self.group(group).isEmpty {
        _ = try target(node: word, of: group)
      }
      found += targets.filter { !found.contains($0) }
      rest = after
    }
    return found
  }

  /// The targets that the first of `words` name, and the words that follow: the services of `rollback workers B db`.
  /// Nodes are taken for as long as they are nodes. Throws ``UnknownTarget``; also when there is no word.
  public func resolveFirst(
    _ words: ArraySlice<String>
  ) throws(UnknownTarget) -> (targets: [Target], rest: ArraySlice<String>) {
    guard let first = words.first else {
      throw UnknownTarget(what: "no target is named", nextStep: Suggestion.nextStep(for: "", among: knownWords))
    }
    let after = words.dropFirst()
    if let target = target(named: first) { return ([target], after) }
    if first == "all" { return (targets, after) }
    guard !group(first).isEmpty else { throw unknown(first) }
    if after.first?.lowercased() == "all" { return (group(first), after.dropFirst()) }
    let members = after.prefix { member($0, of: first) != nil }.compactMap { member($0, of: first) }
    return (members.isEmpty ? group(first) : members, after.dropFirst(members.count))
  }

  private func member(_ node: String, of group: String) -> Target? {
    self.group(group).first { $0.node?.lowercased() == node.lowercased() }
  }

  private func isGroupOrTarget(_ word: String) -> Bool { word == "all" || knownWords.contains(word) }

  private var knownWords: [String] { targets.map(\.name.value) + groups.map(\.value) }

  /// What is said of a word that is no group.
  public func unknownGroup(_ word: String) -> UnknownTarget {
    UnknownTarget(
      what: "no group is called \(shown(word))", nextStep: Suggestion.nextStep(for: word, among: groups.map(\.value)))
  }

  private func unknown(_ word: String) -> UnknownTarget {
    UnknownTarget(
      what: "no target or group is called \(shown(word))", nextStep: Suggestion.nextStep(for: word, among: knownWords))
  }
}
