extension Observation {
  /// Whether nothing is seen to be wrong with a container.
  func isUp(_ container: Container) -> Bool {
    switch container.state {
    case "running": container.health != "unhealthy" && !isCrashLoop(container)
    case "exited":
      container.exitCode == 0 && container.restartPolicy != "always" && container.restartPolicy != "unless-stopped"
    default: false
    }
  }

  /// Whether a service has containers, none of which runs or has done its work.
  func isDown(_ service: String, in project: ComposeProject?) -> Bool {
    let own = only([service]).containers
    return !own.isEmpty && project?.isAwaitedJob(service) != true
      && own.allSatisfy { container in
        let isDone = container.state == "exited" && container.exitCode == 0 && Job.isOne(container, in: project)
        return !["running", "restarting", "paused"].contains(container.state) && !isDone
      }
  }
}
