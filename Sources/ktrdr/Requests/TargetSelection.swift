import Deployer

extension Inventory {
  /// The target of this name; throws ``Failure`` with the names that there are.
  func known(_ name: String) throws -> Target {
    if let target = target(named: name) { return target }
    let known = targets.map(\.name.value).joined(separator: ", ")
    throw Failure.usage("the inventory has no target \(name)", next: "its targets are: \(known)")
  }

  /// The targets of a group's nodes, each once; `all` is every node. Throws ``Failure``.
  func members(_ nodes: [String], of group: String) throws -> [Target] {
    do throws(UnknownTarget) {
      guard !self.group(group).isEmpty else { throw unknownGroup(group) }
      guard !nodes.contains("all") else { return self.group(group) }
      var found: [Target] = []
      for node in nodes {
        let target = try target(node: node, of: group)
        if !found.contains(target) { found.append(target) }
      }
      return found
    } catch {
      throw Failure.usage(error.what, next: error.nextStep)
    }
  }
}

extension Target {
  /// The services that words name; empty for `all`. A service that the inventory does not list is refused.
  func chosenServices(_ words: [String]) throws -> [ServiceName] {
    guard words != ["all"] else { return [] }
    return try words.map { word in
      let name: ServiceName = try parsed(word)
      guard services.isEmpty || services.contains(name) else {
        throw Failure.usage(
          "\(self.name) has no service \(word)",
          next: "its services are: \(services.map(\.value).joined(separator: ", ")), or 'all'")
      }
      return name
    }
  }

  /// Refuses a profile that the inventory does not list.
  func check(_ profiles: [ProfileName]) throws {
    for profile in profiles where !self.profiles.contains(profile) {
      let known = self.profiles.map(\.value).joined(separator: ", ")
      throw Failure.usage(
        "\(name) has no profile \(profile)",
        next: known.isEmpty ? "it has none; add it to 'profiles' of \(name)" : "its profiles are: \(known)")
    }
  }
}
