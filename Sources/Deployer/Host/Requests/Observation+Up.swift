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
}
