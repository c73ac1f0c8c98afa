import Platform

/// A container that runs and that Docker may be about to end: it goes on with a stop that it has in hand when whoever asked for it is gone.
struct PendingStop: Sendable, Equatable {
  /// The container's name.
  var container: String
  /// Until when, by the host's clock, if nobody has given it another time: whatever runs then goes on.
  var until: Date
  /// When it was told to end.
  var began: Date

  /// What a person is told.
  var what: String {
    "Docker may still be stopping \(container), until \(until.formatted(.iso8601)) by its stop_grace_period"
  }
}

extension Observation {
  /// What Docker needs to kill a container whose time is over.
  private static let killing: TimeInterval = 5

  /// The stop of a container of the stack that takes longest to be over; `nil` if nothing is being stopped, as far as can be told.
  ///
  /// Docker does not say so itself. But it remembers for a while which signals it sent, and Compose creates the container that is to
  /// replace another one immediately before it has the other one stopped. How long a stop may take is known.
  var pendingStop: PendingStop? {
    guard let time else { return nil }
    let told = containers.compactMap { container -> PendingStop? in
      guard let began = container.toldToEnd, let start = container.startedAt, start < began else { return nil }
      return stop(of: container, since: began)
    }
    return (told + replaced).filter { time < $0.until }.max { $0.until < $1.until }
  }

  /// The same, with one that was seen before, and that Docker may not remember any more.
  func pendingStop(knowing earlier: PendingStop?) -> PendingStop? {
    if let found = pendingStop { return found }
    guard let time, let earlier, time < earlier.until else { return nil }
    let isStillThere = containers.contains { container in
      container.name == earlier.container && container.hasProcess
        && container.startedAt.map { $0 < earlier.began } ?? false
    }
    return isStillThere ? earlier : nil
  }

  private var replaced: [PendingStop] {
    leftovers(of: services).filter(\.isSpare).compactMap { leftover -> PendingStop? in
      guard let created = containers.first(where: { $0.id == leftover.id })?.created,
        let began = Container.moment("\(created)Z"),
        let old = containers.first(where: { $0.name == leftover.ownName })
      else { return nil }
      return stop(of: old, since: began)
    }
  }

  /// Nothing stops that does not run, and nobody can wait for what Docker would never kill.
  private func stop(of container: Container, since began: Date) -> PendingStop? {
    guard container.hasProcess, container.stopTimeout >= 0 else { return nil }
    let limit = TimeInterval(container.stopTimeout) + Self.killing
    return PendingStop(container: container.name, until: began.addingTimeInterval(limit), began: began)
  }
}
