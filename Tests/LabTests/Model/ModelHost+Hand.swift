import Platform
import TestSupport

@testable import DeploymentModel

/// What somebody does on the host or to the registry, past ktrdr.
extension ModelHost {
  mutating func byHand(_ operation: Operation, on stack: OwnStack) async throws {
    switch operation {
    case .deploy, .rollback, .batch, .second, .colleague: break
    case .drop, .restore, .rename, .database, .breakHealth, .mendHealth, .tag, .untag:
      files[stack.name, default: ModelFile()].edit(operation)
      try writeFile(of: stack)
    case .takePort, .takeName, .free: preconditionFailure("the generator makes it for hosts that are values alone")
    case .stop(let service): _ = try await stack.docker("stop", "-t", "2", stack.container(of: service))
    case .remove(let service): _ = try await stack.docker("rm", "--force", stack.container(of: service))
    case .replace(let service, let tag): try await replace(service, tag, on: stack)
    case .move(let tag):
      moves += 1
      try await publish { try await $0.move(tag, $1) }
    case .moveDatabase:
      moves += 1
      let tag = file(of: stack).databaseTag
      try await publish { try await $0.moveDatabase(tag, $1) }
    case .prune: _ = try await stack.docker("image", "prune", "--all", "--force")
    case .registry(let isUp):
      guard isUp != isRegistryUp else { return }
      isRegistryUp = isUp
      try await lab.control(isUp ? "start-host" : "kill-host", lab.root, "backend", "registry")
    }
  }

  /// Who builds images can always publish them, also while the host does not reach the registry.
  private mutating func publish(_ push: (inout ModelImages, Int) async throws -> Void) async throws {
    if !isRegistryUp { try await lab.control("start-host", lab.root, "backend", "registry") }
    try await push(&images, moves)
    if !isRegistryUp { try await lab.control("kill-host", lab.root, "backend", "registry") }
  }

  /// As somebody with a login and Compose would.
  private func replace(_ service: String, _ tag: String, on stack: OwnStack) async throws {
    let login = "\(stack.directory)/login"
    let command = """
      mkdir -p \(login) && printf '{"auths": {"%s": {"auth": "%s"}}}' \(lab.facts.registry) \
        "$(printf kpiteira:%s "$(cat \(lab.root)/secrets/registry-password)" | base64 -w 0)" >\(login)/config.json
      docker --config \(login) pull -q \(images.real(file(of: stack).reference(service, tag)))
      rm -r \(login)
      IMAGE_TAG=\(tag) docker compose --project-directory \(stack.directory) up -d --no-deps --force-recreate --pull never \(service)
      """
    var environment = lab.environment
    environment["DOCKER_HOST"] = "unix://\(lab.facts.sockets[stack.host] ?? "")"
    // Without the image it fails, and nothing has changed.
    _ = try await Programs.run("/bin/sh", ["-c", command], environment: environment)
  }
}

extension OwnStack {
  fileprivate func container(of service: String) -> String { "\(project)-\(service)-1" }
}
