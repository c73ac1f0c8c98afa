/// What `up` is to do.
struct UpRequest: Sendable {
  var scope: ComposeScope
  /// What an `up` that ended early left, and Compose would stumble over.
  var leftovers: [Leftover] = []
  /// Whether containers are replaced that are as they should be.
  var replacesAll = false
  /// The ids of the containers that are only to be started, if nothing else is to be done. Those whose configuration has not changed are not
  /// replaced. (Compose counts what a service depends on in its configuration, but not what `--no-deps` leaves out.)
  var onlyStarted: [String] = []
  /// How long it may take.
  var limit: Duration
}

extension RemoteScript {
  /// The status of what `timeout` has ended.
  static let endedByTimeout: Int32 = 124

  /// A single service is replaced without what it depends on: the database is never recreated because the backend is
  /// deployed. Nothing is pulled or built: every image was put in place before, by a login that is gone now.
  func up(_ request: UpRequest) -> [UInt8] {
    let pairs = request.leftovers.flatMap { [$0.id, $0.isSpare ? "-" : $0.ownName] }.joined(separator: " ")
    let seconds = "\(request.limit.components.seconds)"
    let comparison =
      request.onlyStarted.isEmpty
      ? []
      : call(
        "ktrdr_compare",
        [request.onlyStarted.joined(separator: " ")] + compose(request.scope, ["config", "--hash", "*"]))
    return comparison
      + call(
        "ktrdr_up",
        [seconds, pairs] + compose(request.scope, Self.up(request.scope, replacingAll: request.replacesAll)))
      + done
  }

  static func up(_ scope: ComposeScope, replacingAll: Bool = false) -> [String] {
    let dependencies = scope.services.isEmpty ? [] : ["--no-deps"]
    let force = replacingAll ? ["--force-recreate"] : []
    return ["up", "-d", "--pull", "never", "--no-build"] + force + dependencies + scope.services
  }

  func logs(container: String, lines: Int) -> [UInt8] { call("ktrdr_logs", [container, "\(lines)"]) + done }

  /// These containers and no others.
  func remove(containers: [String]) -> [UInt8] { call("ktrdr_remove", containers) + done }
}

extension RemoteSession {
  func up(_ request: UpRequest, _ observer: StepObserver) async throws(HostError) -> FinishedStep {
    // The host ends it first.
    try await perform(script.up(request), [.up], .known(request.limit + .seconds(120)), observer).only(.up)
  }

  func logs(of container: String, lines: Int, _ observer: StepObserver) async throws(HostError) {
    _ = try await perform(script.logs(container: container, lines: lines), [.logs], .whole, observer)
  }

  func remove(_ containers: [String], _ observer: StepObserver) async throws(HostError) -> FinishedStep {
    try await perform(script.remove(containers: containers), [.scaleDown], .silence, observer).only(.scaleDown)
  }
}
