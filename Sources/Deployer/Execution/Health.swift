import Platform

/// Whether the services of a deployment are healthy, decided from observations of the host.
public enum Health: Sendable, Equatable {
  /// Not decided yet: observe again.
  case pending
  case healthy
  /// Will not become healthy by waiting; the container whose log says why.
  case unhealthy(service: String, container: String?, reason: String)

  /// What counts as healthy, for the services of one stack.
  struct Rules: Sendable {
    /// How long a container without a health check has to be up without a restart.
    var stableFor: Duration
    /// What Compose makes of the stack; without it every service has at least one container and no job is known.
    var project: ComposeProject?
  }

  /// - Parameters:
  ///   - services: those that must be healthy.
  ///   - before: what ran before anything changed: restarts are counted from there.
  ///   - observations: those since `up` ended, oldest first.
  ///   - rules: what counts as healthy.
  /// - Returns: the verdict of the newest observation, in the light of the earlier ones.
  static func judge(
    services: [String], before: Observation, observations: [Observation], rules: Rules
  ) -> Health {
    guard let last = observations.last else { return .pending }
    var verdict = Health.healthy
    for service in services {
      let containers = last.containers(of: service)
      let wanted = rules.project?.service(service)?.replicas ?? 1
      guard containers.count >= wanted else {
        let found = containers.isEmpty ? "no container" : "\(containers.count) of \(wanted) containers"
        return .unhealthy(service: service, container: nil, reason: "\(service) has \(found)")
      }
      for container in containers {
        let history = History(of: container, before: before, observations: observations)
        switch judge(container, history, last, rules) {
        case .healthy: continue
        case .pending: verdict = .pending
        case .unhealthy(let service, let container, let reason):
          return .unhealthy(service: service, container: container, reason: reason)
        }
      }
    }
    return verdict
  }

  private static func judge(
    _ container: Observation.Container, _ history: History, _ now: Observation, _ rules: Rules
  ) -> Health {
    func unhealthy(_ reason: String) -> Health {
      .unhealthy(service: container.service, container: container.id, reason: "\(container.service) \(reason)")
    }
    if container.health == nil, history.restarts >= Observation.crashLoopRestarts {
      // Docker tells the status of a crash only until the next start, so one more crash may have to be waited for.
      if let status = history.crashStatus { return unhealthy("keeps crashing (exit status \(status))") }
      return history.restarts < 2 * Observation.crashLoopRestarts ? .pending : unhealthy("keeps crashing")
    }
    switch (container.state, container.health) {
    case ("exited", _), ("dead", _):
      let isDone = container.exitCode == 0 && Job.isOne(container, in: rules.project)
      return isDone ? .healthy : unhealthy("stopped with exit status \(container.exitCode)")
    case ("running", "healthy"): return .healthy
    case ("running", "unhealthy"): return unhealthy("is unhealthy by its own health check")
    case ("running", nil):
      guard !(rules.project?.isAwaitedJob(container.service) ?? false) else { return .pending }
      return isStable(container, now, rules) ? .healthy : .pending
    default: return .pending
    }
  }

  /// A container whose times cannot be told is never up for long enough, so nothing is taken for granted.
  private static func isStable(_ container: Observation.Container, _ now: Observation, _ rules: Rules) -> Bool {
    guard rules.stableFor > .zero else { return true }
    return now.uptime(of: container).map { $0 >= rules.stableFor } ?? false
  }

  /// What has been seen of one container.
  private struct History {
    /// Since before the change, or since it was first seen.
    var restarts = 0
    /// With which status it crashed; `nil` if it was never seen between a crash and the next start.
    var crashStatus: Int?

    init(of container: Observation.Container, before: Observation, observations: [Observation]) {
      let seen = observations.compactMap { observation in observation.containers.first { $0.id == container.id } }
      let first = before.containers.first { $0.id == container.id } ?? seen.first
      // A container that is new has restarted since the change as often as it says.
      let isNew = !before.containers.contains { $0.id == container.id }
      restarts = container.restarts - (isNew ? 0 : first?.restarts ?? 0)
      crashStatus = seen.last { $0.state == "restarting" || $0.state == "exited" }?.exitCode
    }
  }
}
