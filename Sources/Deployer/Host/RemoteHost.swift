/// One host, over one open connection: typed requests, typed answers. Requests run one after another.
///
/// A value of closures, so that everything above it is tested without a host. ``init(_:)`` makes the real one.
struct RemoteHost {
  /// Finds out what a deployment needs, without changing anything.
  var check: (CheckRequest) async throws(HostError) -> CheckAnswer
  /// The same for a person: reports versions instead of what runs.
  var diagnose: (_ variables: [(name: String, value: String)]) async throws(HostError) -> HostCheck
  /// What Compose makes of the stack's files.
  var model: (ModelValues) async throws(HostError) -> ComposeModel
  /// Where variables stand in the compose files.
  var locate: (_ variables: [String]) async throws(HostError) -> [VariablePlace]
  /// Whether each of these directories is the stack's own.
  var compareDirectories: (_ paths: [String]) async throws(HostError) -> [String: OtherDirectory]
  /// Hands over the values that Compose gets. From then on they are redacted from everything that the host writes.
  var provide: (DeploymentValues) async -> Void
  /// Takes the host's lock; `owner` is shown to whoever has to wait. The lock lasts as long as the connection.
  var lock: (_ owner: String) async throws(HostError) -> LockAnswer
  /// Finds out what runs.
  var observe: (ObserveRequest) async throws(HostError) -> Observation
  /// The containers that have these names.
  var holders: (_ names: [String]) async throws(HostError) -> [String: NameHolder]
  /// Those of these variables that have exactly one of these values in a container, or that it does not have at all.
  var variables: (_ container: String, _ wanted: [String: [String]]) async throws(HostError) -> Set<String>
  /// What `up` would do to the containers of services whose images are on the host, as far as Compose says it.
  var rehearse: (ComposeScope) async throws(HostError) -> UpReport
  /// The config ids of those of `references` that are on the host.
  var presentImages: (_ references: [String]) async throws(HostError) -> [String: String]
  /// What registries say of images, with a login that lasts as long as the question. Nothing is fetched.
  var askRegistries: (_ references: [String]) async throws(HostError) -> [String: RegistryAnswer]
  /// Logs in to the registry and fetches images.
  var pull: (ComposeScope, StepObserver) async throws(HostError) -> PullAnswer
  /// Lets Compose read its files with every value in place.
  var validate: (ComposeScope, StepObserver) async throws(HostError) -> FinishedStep
  /// Replaces containers. Once it is sent it may take effect whatever happens to the connection.
  var up: (UpRequest, StepObserver) async throws(HostError) -> FinishedStep
  /// The last lines that a container wrote.
  var logs: (_ container: String, _ lines: Int, StepObserver) async throws(HostError) -> Void
  /// Stops and removes containers.
  var remove: (_ containers: [String], StepObserver) async throws(HostError) -> FinishedStep
  /// The anchors that deployments of this ledger left on the host.
  var anchors: (_ ledger: String) async throws(HostError) -> KeptAnchors
  /// Leaves an anchor. After the last one the shell on the host ends by itself.
  var leaveAnchor: (_ line: String, _ isLast: Bool) async throws(HostError) -> Void
  /// False once the connection has ended.
  var isConnected: () -> Bool
  /// Cuts the connection at once.
  var abandon: @Sendable () -> Void
}

extension RemoteHost {
  /// A real host, behind an open session.
  init(_ session: RemoteSession) {
    self.init(
      check: { request throws(HostError) in try await session.check(request) },
      diagnose: { variables throws(HostError) in try await session.diagnose(variables: variables) },
      model: { values throws(HostError) in try await session.model(values) },
      locate: { variables throws(HostError) in try await session.locate(variables) },
      compareDirectories: { paths throws(HostError) in try await session.compareDirectories(paths) },
      provide: { await session.provide($0) },
      lock: { owner throws(HostError) in try await session.lock(owner: owner) },
      observe: { request throws(HostError) in try await session.observe(request) },
      holders: { names throws(HostError) in try await session.holders(of: names) },
      variables: { container, wanted throws(HostError) in try await session.variables(of: container, wanted) },
      rehearse: { scope throws(HostError) in try await session.rehearse(scope) },
      presentImages: { references throws(HostError) in try await session.presentImages(references) },
      askRegistries: { references throws(HostError) in try await session.askRegistries(for: references) },
      pull: { scope, observer throws(HostError) in try await session.pull(scope, observer) },
      validate: { scope, observer throws(HostError) in try await session.validate(scope, observer) },
      up: { request, observer throws(HostError) in try await session.up(request, observer) },
      logs: { container, lines, observer throws(HostError) in
        try await session.logs(of: container, lines: lines, observer)
      },
      remove: { containers, observer throws(HostError) in try await session.remove(containers, observer) },
      anchors: { ledger throws(HostError) in try await session.anchors(of: ledger) },
      leaveAnchor: { line, isLast throws(HostError) in try await session.leaveAnchor(line, isLast: isLast) },
      isConnected: { session.isConnected }, abandon: session.abandon)
  }
}
