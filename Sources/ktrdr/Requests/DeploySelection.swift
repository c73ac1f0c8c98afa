import Deployer

/// What the words after `deploy` choose.
struct DeploySelection: Equatable {
  enum Kind { case target, group }

  var kind: Kind
  var targets: [Target]
  /// Services of the only target; none means all.
  var services: [ServiceName]
}

extension Inventory {
  /// The services of a target, or the nodes of a group, that `words` name; a name alone means all. Throws ``Failure``.
  func selection(of words: [String], only kind: DeploySelection.Kind?) throws -> DeploySelection {
    guard let name = words.first else {
      throw Failure.usage("no target given", next: Suggestion.expected(knownNames))
    }
    let rest = Array(words.dropFirst())
    switch kind {
    case .target: return try selection(of: rest, in: try requireTarget(name))
    case .group: return DeploySelection(kind: .group, targets: try members(rest, of: name), services: [])
    case nil:
      if let target = target(named: name) { return try selection(of: rest, in: target) }
      guard !group(name).isEmpty else { throw Failure(unknown(name, takesServices: true)) }
      return DeploySelection(kind: .group, targets: try members(rest, of: name), services: [])
    }
  }

  private func selection(of services: [String], in target: Target) throws -> DeploySelection {
    for word in services where !target.services.contains(where: { $0.value == word }) {
      // Without a list in the inventory, the host says which services there are.
      if !target.services.isEmpty, knownNames.contains(word) {
        throw Failure.usage(
          "\(target.name) has no service \(word): it is another target, and a command deploys one",
          next: "deploy one after the other, or give both a 'group' in the inventory and deploy the group")
      }
      if VersionWord.isOne(word) {
        throw Failure.usage("\(word) is not a service of \(target.name)", next: "did you mean --tag \(word)?")
      }
    }
    return DeploySelection(kind: .target, targets: [target], services: try target.chosenServices(services))
  }
}
