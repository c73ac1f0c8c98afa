/// A service that does its work and ends.
enum Job {
  /// Whether a container is one of a job: another service waits for its end, or it may not restart and offers nothing.
  static func isOne(_ container: Observation.Container, in project: ComposeProject?) -> Bool {
    if project?.isAwaitedJob(container.service) ?? false { return true }
    guard ["", "no", "on-failure"].contains(container.restartPolicy), container.health == nil else { return false }
    guard let service = project?.service(container.service) else { return false }
    return !service.publishesPorts && !service.hasHealthCheck
  }
}
