/// A container that an `up` which ended early created to replace another one, and never started. Compose names it `ID_NAME`, after the
/// other one's id and name, and renames it once that one is gone
/// (https://github.com/docker/compose/blob/v2.26.1/pkg/compose/convergence.go).
///
/// The next `up` would take it for a container of the service like any other: beside the one that runs, it ends in a conflict of
/// names, and alone it keeps this name for ever.
struct Leftover: Sendable, Equatable {
  var id: String
  /// As it is called now.
  var name: String
  /// The name of the container that it was to replace.
  var ownName: String
  /// Whether that one is still there. If not, it is the service's only container, and has its volumes.
  var isSpare: Bool
}

extension Observation {
  /// What is left of these services.
  func leftovers(of services: [String]) -> [Leftover] {
    let names = Set(containers.map(\.name))
    return only(services).containers.filter { $0.state == "created" }.compactMap { container in
      guard let match = container.name.wholeMatch(of: /[0-9a-f]{12}_([A-Za-z0-9][A-Za-z0-9_.-]*)/) else { return nil }
      let ownName = String(match.1)
      return Leftover(
        id: container.id, name: container.name, ownName: ownName, isSpare: names.contains(ownName))
    }
  }
}
