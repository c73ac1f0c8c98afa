import Platform

/// A container that runs and that Docker may be about to end: it goes on with a stop that it has in hand when the Compose that asked for
/// it is gone.
struct PendingStop: Sendable, Equatable {
  /// The container's name.
  var container: String
  /// Until when, by the host's clock: whatever runs then goes on.
  var until: Date

  /// What a person is told.
  var what: String {
    "Docker may still be stopping \(container), which an 'up' was replacing, until \(until.formatted(.iso8601)) at the latest"
  }
}

extension Observation {
  /// What Docker needs to kill a container whose time is over.
  private static let killing: TimeInterval = 5

  /// The stop of a container of the stack that takes longest to be over; `nil` if nothing is being stopped, as far as can be told.
  ///
  /// Docker does not say so itself. But Compose creates the container that is to replace another one immediately before it has the other
  /// one stopped, and how long that may take is known.
  var pendingStop: PendingStop? {
    guard let time else { return nil }
    return leftovers(of: services).filter(\.isSpare).compactMap { leftover -> PendingStop? in
      guard let created = containers.first(where: { $0.id == leftover.id })?.created,
        let began = Container.moment("\(created)Z"),
        let old = containers.first(where: { $0.name == leftover.ownName }), old.hasProcess, old.stopTimeout >= 0
      else { return nil }
      let until = began.addingTimeInterval(TimeInterval(old.stopTimeout) + Self.killing)
      return time < until ? PendingStop(container: old.name, until: until) : nil
    }
    .max { $0.until < $1.until }
  }
}
