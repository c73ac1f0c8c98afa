import Deployer

/// What a person sees of one target while it is deployed: a value that each report of its progress changes.
struct LiveTarget: Sendable, Equatable {
  typealias Instant = ContinuousClock.Instant

  /// Something that is over.
  enum Entry: Sendable, Equatable {
    case step(String, succeeded: Bool, took: Duration)
    /// The steps that follow are those of the rollback after a failure.
    case rollback
  }

  /// What is going on.
  struct Activity: Sendable, Equatable {
    enum Detail: Sendable, Equatable {
      case none
      case bytes(PullBytes)
      case health([PendingService], limit: Duration)
    }

    var name: String
    var since: Instant
    var detail = Detail.none
  }

  enum Stage: Sendable, Equatable {
    case waiting, running
    case over(OutcomeWords)
  }

  let name: String
  private(set) var entries: [Entry] = []
  private(set) var activity: Activity?
  private(set) var stage = Stage.waiting

  /// Steps that are over at once and say nothing of the services. Only that they failed is worth a place.
  private static let minor: Set<StepName> = [.login, .logs]

  init(_ name: String) { self.name = name }

  mutating func take(_ progress: Progress, at now: Instant) {
    if case .over = stage { return }
    stage = .running
    switch progress {
    case .checking(let host): activity = Activity(name: "checking \(host)", since: now)
    case .fetching: activity = Activity(name: "fetching secrets", since: now)
    case .waiting(let what): activity = Activity(name: "waiting: \(what)", since: now)
    case .started: activity = Activity(name: "locking the host", since: now)
    case .stepBegan(let step): activity = Activity(name: step.rawValue, since: now)
    case .pulling(let bytes): detail(.bytes(bytes), of: .pull)
    case .awaitingHealth(let services, let limit): detail(.health(services, limit: limit), of: .health)
    case .stepEnded(let step, let status, let milliseconds):
      if status != 0 || !Self.minor.contains(step) {
        close(step.rawValue, succeeded: status == 0, took: .milliseconds(milliseconds))
      }
      if activity?.name == step.rawValue { activity = nil }
    case .recovering:
      entries.append(.rollback)
      activity = nil
    case .ended: activity = nil
    case .output, .warning, .explanation: break
    }
  }

  /// What was going on when the deployment ended has failed with it.
  mutating func end(_ outcome: Fleet.Outcome, at now: Instant) {
    if let activity, !outcome.isSuccess { close(activity.name, succeeded: false, took: now - activity.since) }
    activity = nil
    stage = .over(OutcomeWords(outcome))
  }

  private mutating func detail(_ detail: Activity.Detail, of step: StepName) {
    if activity?.name == step.rawValue { activity?.detail = detail }
  }

  /// A step that runs again, as a pull does for each service that could be built, is still one entry.
  private mutating func close(_ step: String, succeeded: Bool, took: Duration) {
    var took = took
    if case .step(step, _, let before) = entries.last {
      took += before
      entries.removeLast()
    }
    entries.append(.step(step, succeeded: succeeded, took: took))
  }
}
