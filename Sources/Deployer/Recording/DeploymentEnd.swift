import Ledger

/// How a deployment ended, with what was seen on the way: all that the ledger gets to know of its end.
struct DeploymentEnd: Sendable, Equatable {
  var outcome: Outcome
  /// `nil` only if it succeeded.
  var reason: String?
  var before: Observation?
  var after: Observation?
  /// Whether the host was told to change.
  var hostChanged = false
  /// Whether another deployment held the host's lock.
  var wasLocked = false
  /// Whether the connection was lost before the end was seen: then `ssh` is asked why, and the host is asked again.
  var isCut = false

  static let succeeded = DeploymentEnd(outcome: .succeeded)
  static func failed(_ reason: String) -> DeploymentEnd { DeploymentEnd(outcome: .failed, reason: reason) }
  static func unknown(_ reason: String) -> DeploymentEnd { DeploymentEnd(outcome: .unknown, reason: reason) }
  static func cancelled(_ reason: String) -> DeploymentEnd { DeploymentEnd(outcome: .cancelled, reason: reason) }

  /// The same, failed because of these as well, if there are any.
  func adding(_ problems: [String]) -> DeploymentEnd {
    guard !problems.isEmpty else { return self }
    var end = self
    end.reason = ([reason].compactMap(\.self) + problems).joined(separator: "; ")
    if outcome == .succeeded { end.outcome = .failed }
    return end
  }

  /// The same with something that the record is to say of a success.
  func telling(_ note: String?) -> DeploymentEnd {
    guard outcome == .succeeded, let note else { return self }
    var end = self
    end.reason = [reason, note].compactMap(\.self).joined(separator: "; ")
    return end
  }

  /// What runs now, a line a service.
  var runningLines: [String] {
    (after ?? before)?.containers.map { container in
      container.state == "running"
        ? "\(container.service) runs \(container.reference)\(container.health.map { ": \($0)" } ?? "")"
        : "\(container.service) does not run (\(container.reference): \(container.state))"
    } ?? []
  }
}

extension DeploymentEnd {
  /// The services whose containers were seen in the end, and none of them running or ended as a job does; with how many if others run.
  func notRunning(in project: ComposeProject?) -> [String] {
    guard let after else { return [] }
    return after.services.compactMap { service in
      after.shortage(of: service, in: project).map { shortage in
        let missing = "\(shortage.wanted - shortage.running) of \(shortage.wanted)"
        return shortage.running == 0 ? service : "\(service) (\(missing))"
      }
    }
  }

  /// The end of a deployment that the operator wanted to stop once the host was changing: what was seen stands in the
  /// reason.
  func cancelled(by stop: StopSignal) -> DeploymentEnd {
    guard stop.signal != nil, hostChanged, !isCut else { return self }
    var end = self
    end.outcome = .cancelled
    end.reason = "stopped by the operator after 'up' had begun; \(reason ?? "the services are up and healthy")"
    return end
  }
}
