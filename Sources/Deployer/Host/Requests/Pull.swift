/// How a pull ended.
enum PullAnswer: Sendable, Equatable {
  case ended(FinishedStep)
  /// The host has no writable tmpfs for the registry's login, so nothing was pulled.
  case noTmpfs
}

extension RemoteScript {
  func pull(_ scope: ComposeScope) -> [UInt8] {
    call("ktrdr_pull", compose(scope, ["pull"] + scope.services)) + done
  }

  func validate(_ scope: ComposeScope) -> [UInt8] { call("ktrdr_config", compose(scope, ["config", "-q"])) + done }

  func images(_ references: [String]) -> [UInt8] { call("ktrdr_images", references) + done }
}

extension RemoteSession {
  func pull(_ scope: ComposeScope, _ observer: StepObserver) async throws(HostError) -> PullAnswer {
    let steps = try await perform(script.pull(scope), [.login, .pull], .silence, observer)
    return steps.first { $0.name == .pull }.map(PullAnswer.ended) ?? .noTmpfs
  }

  func validate(_ scope: ComposeScope, _ observer: StepObserver) async throws(HostError) -> FinishedStep {
    try await perform(script.validate(scope), [.config], .whole, observer).only(.config)
  }

  func presentImages(_ references: [String]) async throws(HostError) -> [String: String] {
    var present: [String: String] = [:]
    for case .fact("image", let fields) in try await ask(script.images(references)) where fields.count == 3 {
      if fields[0] == "present" { present[fields[1]] = fields[2] }
    }
    return present
  }
}
