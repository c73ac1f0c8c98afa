import Ledger

extension Plan {
  /// These services, or all, as Compose is told of them.
  func scope(_ services: [String]) -> ComposeScope {
    ComposeScope(
      profiles: activeProfiles, services: services, isPinned: !pins.isEmpty || !alwaysPulled.isEmpty)
  }

  /// What Compose is to do where `seen` runs.
  func up(from seen: Observation) -> UpRequest {
    UpRequest(
      scope: scope(named), leftovers: seen.leftovers(of: covered), replacesAll: goesInPlace(of: seen),
      onlyStarted: onlyStarted(of: seen), limit: target.upTimeout)
  }

  /// Whether a rollback goes where something runs that is not well: Compose would leave that alone.
  private func goesInPlace(of seen: Observation) -> Bool {
    guard kind == .rollback else { return false }
    return pins.filter { services.contains($0.service) }.contains { pin in
      seen.telling(of: pin.service.value).contains { $0.imageID == pin.imageID && $0.hasProcess && !seen.isUp($0) }
    }
  }

  /// The containers of a rollback that has nothing to do but start them, on images that still have the names that they were created with.
  private func onlyStarted(of seen: Observation) -> [String] {
    guard kind == .rollback, !services.isEmpty, covered.allSatisfy(isPinnedByName) else { return [] }
    return covered.flatMap { seen.containers(of: $0).map(\.id) }
  }

  /// The pins that say something else than the compose files do: another way to write the same would be another configuration to Compose.
  var overridingPins: [Pin] {
    pins.filter { pin in
      guard pin.isByName, let project, project.isResolved, let service = project.service(pin.service.value) else {
        return true
      }
      return pin.reference != service.image ?? "\(project.name)-\(service.name)"
    }
  }

  private func isPinnedByName(_ service: String) -> Bool {
    pins.contains { $0.service.value == service && $0.isByName }
  }
}
