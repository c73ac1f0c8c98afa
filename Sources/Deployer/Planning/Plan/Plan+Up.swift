import Ledger

extension Plan {
  /// These services, or all, as Compose is told of them.
  func scope(_ services: [String]) -> ComposeScope {
    ComposeScope(
      profiles: activeProfiles, services: services, isPinned: !pins.isEmpty || !alwaysPulled.isEmpty)
  }

  /// What Compose is to do where `seen` runs, one value of the tag's variable after the other: it has one for all that it starts at once.
  func ups(from seen: Observation) -> [(tag: ImageTag, request: UpRequest)] {
    oneTagAtATime.map { tag, services in
      let own = Set(services)
      let request = UpRequest(
        scope: scope(isWhole ? [] : services), leftovers: seen.leftovers(of: services),
        replacesAll: goesInPlace(of: seen, own), onlyStarted: onlyStarted(of: seen, services), limit: target.upTimeout)
      return (tag, request)
    }
  }

  /// The covered services by what the tag's variable has for them. What others depend on comes first.
  var oneTagAtATime: [(tag: ImageTag, services: [String])] {
    let groups = Dictionary(grouping: covered) { fileTags[$0] ?? variableTag }
    guard groups.count > 1 else { return [(groups.keys.first ?? variableTag, covered)] }
    let known = Dictionary(groups.keys.map { ($0.value, $0) }) { first, _ in first }
    let services = Dictionary(groups.map { ($0.key.value, $0.value) }) { first, _ in first }
    return RepairOrder(needs: project?.needs ?? [:]).groups(services).map {
      (known[$0.key] ?? variableTag, $0.services)
    }
  }

  /// Whether a rollback goes where something runs that is not well: Compose would leave that alone.
  private func goesInPlace(of seen: Observation, _ own: Set<String>) -> Bool {
    guard kind == .rollback else { return false }
    return pins.filter { services.contains($0.service) && own.contains($0.service.value) }.contains { pin in
      seen.telling(of: pin.service.value).contains { $0.imageID == pin.imageID && $0.hasProcess && !seen.isUp($0) }
    }
  }

  /// The containers of a rollback that has nothing to do but start them, on images that still have the names that they were created with.
  private func onlyStarted(of seen: Observation, _ own: [String]) -> [String] {
    guard kind == .rollback, !services.isEmpty, own.allSatisfy(isPinnedByName) else { return [] }
    return own.flatMap { seen.containers(of: $0).map(\.id) }
  }

  /// The pins that say something else than the compose files do: another way to write the same would be another configuration to Compose.
  var overridingPins: [Pin] {
    pins.filter { pin in
      guard pin.isByName, let project, project.isResolved, let service = project.service(pin.service.value) else {
        return true
      }
      // The image that the files name is known for the plan's tag.
      guard !service.takesTag || (fileTags[service.name] ?? variableTag) == tag else { return true }
      return pin.reference != service.image ?? "\(project.name)-\(service.name)"
    }
  }

  private func isPinnedByName(_ service: String) -> Bool {
    pins.contains { $0.service.value == service && $0.isByName }
  }
}
