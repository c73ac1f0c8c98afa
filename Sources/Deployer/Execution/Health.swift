/// Whether the services of a deployment are healthy, decided from observations of the host.
public enum Health: Sendable, Equatable {
  /// Not decided yet: observe again.
  case pending
  case healthy
  /// Will not become healthy by waiting; the container whose log says why.
  case unhealthy(service: String, container: String?, reason: String)

  /// In how many observations in a row a service without a health check must be up, restart count unchanged, to count as healthy.
  static let steadyLooks = 4

  /// - Parameters:
  ///   - services: those that must be healthy; empty means every service that has a container.
  ///   - before: what ran before anything changed: a container that is still the same counts as steady.
  ///   - observations: those since `up` ended, oldest first.
  /// - Returns: the verdict of the newest observation, in the light of the earlier ones.
  static func judge(services: [String], before: Observation, observations: [Observation]) -> Health {
    guard let last = observations.last else { return .pending }
    var verdict = Health.healthy
    for service in services.isEmpty ? last.services : services {
      let containers = last.containers.filter { $0.service == service }
      guard !containers.isEmpty else {
        return .unhealthy(service: service, container: nil, reason: "\(service) has no container")
      }
      for container in containers {
        switch judge(container, before: before, observations: observations) {
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
    _ container: Observation.Container, before: Observation, observations: [Observation]
  ) -> Health {
    func unhealthy(_ reason: String) -> Health {
      .unhealthy(service: container.service, container: container.id, reason: "\(container.service) \(reason)")
    }
    let history = observations.compactMap { observation in observation.containers.first { $0.id == container.id } }
    let unchanged = before.containers.first { $0.id == container.id && $0.since == container.since }
    if let first = unchanged ?? history.first, container.restarts > first.restarts || container.state == "restarting" {
      return unhealthy("keeps crashing (exit status \(container.exitCode))")
    }
    switch (container.state, container.health) {
    case ("exited", _) where container.exitCode == 0 && container.restarts == 0: return .healthy
    case ("exited", _), ("dead", _): return unhealthy("stopped with exit status \(container.exitCode)")
    case ("running", "healthy"): return .healthy
    case ("running", "unhealthy"): return unhealthy("is unhealthy by its own health check")
    case ("running", nil):
      let steady = unchanged != nil || history.filter { $0.state == "running" }.count >= steadyLooks
      return steady ? .healthy : .pending
    default: return .pending
    }
  }
}
