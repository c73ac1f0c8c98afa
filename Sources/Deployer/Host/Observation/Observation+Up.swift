extension Observation.Container {
  /// Whether there is something in it that can be stopped.
  var hasProcess: Bool { ["running", "restarting", "paused"].contains(state) }

  /// Whether `up` starts it if it does not run: Compose leaves alone what is paused or keeps crashing.
  var isStartable: Bool { ["running", "exited", "created"].contains(state) }

  /// Whether it was created from a digest or an id instead of a name.
  var isPinned: Bool { reference.contains("@") || reference.hasPrefix("sha256:") }
}

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
    shortage(of: service, in: project)?.running == 0
  }

  /// How many containers of a service run, if it has some and the compose files ask for more that run; a job may have ended.
  func shortage(of service: String, in project: ComposeProject?) -> Shortage? {
    let own = containers(of: service)
    guard !own.isEmpty, project?.isAwaitedJob(service) != true else { return nil }
    let isDone = own.contains { $0.state == "exited" && $0.exitCode == 0 && Job.isOne($0, in: project) }
    let running = own.count(where: \.hasProcess)
    let wanted = max(1, project?.service(service)?.replicas ?? own.count)
    return isDone || running >= wanted ? nil : Shortage(running: running, wanted: wanted)
  }

  /// Fewer containers of a service run than should.
  struct Shortage {
    var running: Int
    var wanted: Int

    /// After the service's name.
    var words: String { running == 0 ? "does not run" : "has \(running) of \(wanted) containers running" }
  }
}
