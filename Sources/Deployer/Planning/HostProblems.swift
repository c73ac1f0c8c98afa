extension HostCheck {
  /// What of it stands in the way of deploying to `target`.
  func problems(for target: Target) -> [Problem] { findings.map { $0.problem(for: target) } }
}

extension StackReader.Reading {
  /// What of it stands in the way of deploying `wanted`; no services mean all.
  func problems(for target: Target, wanted: [String] = []) -> [Problem] {
    if case .failed(let reason) = self {
      return [
        Problem(
          .host, "Compose cannot read the files of \(target.name): \(reason)",
          nextStep: Self.nextStep(for: reason, target))
      ]
    }
    if case .unfit(let problem) = self { return [problem] }
    guard let project else { return [] }
    let known = project.services.map(\.name)
    return wanted.filter { !known.contains($0) }.map { service in
      Problem(
        .host, "the compose file of \(target.name) has no service \(service)",
        nextStep: Suggestion.nextStep(for: service, amongServices: known))
    }
  }
}

extension StackReader.Reading {
  /// A variable that the files insist on (`${NAME:?…}`) is missing in the inventory; the rest is for Compose to explain.
  private static func nextStep(for reason: String, _ target: Target) -> String {
    if let name = reason.firstMatch(of: /required variable ([A-Za-z_][A-Za-z0-9_]*) is missing a value/)?.output.1 {
      return "add \(name) to 'environment' or 'secrets' of \(target.name)"
    }
    if let file = reason.firstMatch(of: /env file (\S+) not found/)?.output.1 {
      return "copy \(file) to \(target.host), or take it out of 'env_file:'"
    }
    let files = target.composeFiles.map { " -f \(ShellQuoting.quoted($0))" }.joined()
    return "run in \(target.directory) on \(target.host): docker compose\(files) config -q"
  }
}

extension HostCheck.Finding {
  func problem(for target: Target) -> Problem {
    let (host, directory) = (target.host, target.directory)
    let (what, nextStep) =
      switch self {
      case .noFlock: ("\(host) has no flock", "install util-linux there: without it two deployments could run at once")
      case .noDocker: ("\(host) has no docker", "install Docker Engine there, then run: ktrdr doctor")
      case .dockerUnreachable(let line):
        (
          "Docker on \(host) does not respond: \(line)",
          "check that the engine is running (systemctl status docker) and that you are in the group docker there"
        )
      case .noCompose:
        ("\(host) has no Docker Compose v2", "install the Compose plugin there ('docker compose version' must work)")
      case .noDirectory: ("\(host) has no directory \(directory)", "create it, or fix 'directory' for \(target.name)")
      case .directoryClosed:
        ("no permission to enter \(directory) on \(host)", "ask for access, or fix 'directory' for \(target.name)")
      case .directoryReadOnly:
        ("no permission to write to \(directory) on \(host)", "the deployment's lock is kept there: change its owner")
      case .fileMissing(let file):
        (
          "\(directory) on \(host) has no \(file)",
          "copy it there with the files that it names (env_file, volumes), or fix 'compose_files' for \(target.name)"
        )
      case .fileUnreadable(let file): ("no permission to read \(directory)/\(file) on \(host)", "change its mode")
      case .envFileMissing(let file):
        ("\(directory) on \(host) has no \(file)", "copy it there, or fix 'env_files' for \(target.name)")
      }
    return Problem(.host, what, nextStep: nextStep)
  }
}
