extension HostCheck {
  /// What of it stands in the way of deploying to `target`. No services `wanted` means all.
  func problems(for target: Target, wanted: [String] = []) -> [Problem] {
    findings.map { $0.problem(for: target) } + unknownServices(among: wanted, of: target)
  }

  /// A problem for each of `wanted` that the compose files do not have, if their services could be listed.
  func unknownServices(among wanted: [String], of target: Target) -> [Problem] {
    guard !services.isEmpty else { return [] }
    return wanted.filter { !services.contains($0) }.map { service in
      Problem(
        .host, "the compose file of \(target.name) has no service \(service)",
        nextStep: "its services are: \(services.joined(separator: ", "))")
    }
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
        ("\(directory) on \(host) has no \(file)", "copy it there, or fix 'compose_files' for \(target.name)")
      case .fileUnreadable(let file): ("no permission to read \(directory)/\(file) on \(host)", "change its mode")
      case .composeFilesInvalid(let line):
        ("Compose cannot read the files of \(target.name): \(line)", "run there: docker compose config -q")
      }
    return Problem(.host, what, nextStep: nextStep)
  }
}
