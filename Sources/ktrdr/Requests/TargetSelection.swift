import Deployer

extension Inventory {
  /// The target with this name. Throws ``Failure`` with the names of all targets.
  func requireTarget(_ name: String) throws -> Target {
    if let target = target(named: name) { return target }
    throw Failure(unknownTarget(name))
  }

  /// The targets that are `nodes` of a group, without duplicates; `all`, or no node, means every node. Throws ``Failure``.
  func members(_ nodes: [String], of group: String) throws -> [Target] {
    do throws(UnknownTarget) {
      guard !self.group(group).isEmpty else { throw unknownGroup(group) }
      guard !nodes.isEmpty, !nodes.contains("all") else { return self.group(group) }
      var found: [Target] = []
      for node in nodes {
        let target = try target(node: node, of: group)
        if !found.contains(target) { found.append(target) }
      }
      return found
    } catch {
      throw Failure(error)
    }
  }
}

extension Target {
  /// The services that command-line arguments name, without duplicates; empty for `all`, or for no argument. Throws
  /// ``Failure`` for a service that the inventory does not list.
  func chosenServices(_ names: [String]) throws -> [ServiceName] {
    guard !names.contains("all") else { return [] }
    var chosen: [ServiceName] = []
    for text in names {
      let name: ServiceName = try parsed(text)
      guard services.isEmpty || services.contains(name) else {
        throw Failure.usage(
          "\(self.name) has no service \(text)",
          next: Suggestion.nextStep(for: text, among: services.map(\.value) + ["all"]))
      }
      if !chosen.contains(name) { chosen.append(name) }
    }
    return chosen
  }
}

extension [Target] {
  /// Throws ``Failure`` for a profile that the inventory lists for none of them. Of a group, some may have it and some not,
  /// such as a node that cannot be scaled.
  func check(_ profiles: [ProfileName]) throws {
    let known = flatMap(\.profiles).map(\.value).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    for profile in profiles where !known.contains(profile.value) {
      let names = map(\.name.value).joined(separator: ", ")
      throw Failure.usage(
        count == 1 ? "\(names) has no profile \(profile)" : "none of \(names) has a profile \(profile)",
        next: known.isEmpty ? "add it to 'profiles' for \(names)" : Suggestion.expected(known))
    }
  }
}
