extension RemoteScript {
  /// A single service is replaced without what it depends on: the database is never recreated because the backend is
  /// deployed. Nothing is pulled or built: every image was put in place before, by a login that is gone now.
  ///
  /// `leftovers` are cleared away first, or Compose would stumble over them.
  func up(_ scope: ComposeScope, clearing leftovers: [Leftover] = []) -> [UInt8] {
    let pairs = leftovers.flatMap { [$0.id, $0.isSpare ? "-" : $0.ownName] }.joined(separator: " ")
    return call("ktrdr_up", [pairs] + compose(scope, Self.up(scope))) + done
  }

  static func up(_ scope: ComposeScope) -> [String] {
    let dependencies = scope.services.isEmpty ? [] : ["--no-deps"]
    return ["up", "-d", "--pull", "never", "--no-build"] + dependencies + scope.services
  }

  func logs(container: String, lines: Int) -> [UInt8] { call("ktrdr_logs", [container, "\(lines)"]) + done }

  /// These containers and no others.
  func remove(containers: [String]) -> [UInt8] { call("ktrdr_remove", containers) + done }
}

extension RemoteSession {
  func up(
    _ scope: ComposeScope, clearing leftovers: [Leftover], _ observer: StepObserver
  ) async throws(HostError) -> FinishedStep {
    try await perform(script.up(scope, clearing: leftovers), [.up], .silence, observer).only(.up)
  }

  func logs(of container: String, lines: Int, _ observer: StepObserver) async throws(HostError) {
    _ = try await perform(script.logs(container: container, lines: lines), [.logs], .whole, observer)
  }

  func remove(_ containers: [String], _ observer: StepObserver) async throws(HostError) -> FinishedStep {
    try await perform(script.remove(containers: containers), [.scaleDown], .silence, observer).only(.scaleDown)
  }
}
