/// How often, how well and how fast one target, or all of them, was deployed in a period. docs/figures.md defines each figure.
public struct Figures: Sendable, Equatable {
  /// The durations of one step.
  public struct Step: Sendable, Equatable {
    public var name: String
    public var spread: Spread

    public init(name: String, spread: Spread) {
      self.name = name
      self.spread = spread
    }
  }

  /// The length of the period, in weeks of seven days.
  public var weeks: Double
  /// Deployments that succeeded, rollbacks not among them.
  public var deployments = 0
  /// Those of them that recorded images and changed none: the configuration or the secrets may have changed.
  public var unchanged = 0
  /// Changes that succeeded and were not undone.
  public var good = 0
  /// Changes that failed on the host.
  public var failed = 0
  /// Changes that a rollback undid.
  public var rolledBack = 0
  /// Changes that nobody can judge: cancelled, interrupted or unknown.
  public var notKnown = 0
  /// Attempts that ended before the host was told to change.
  public var changedNothing = 0
  public var running = 0
  public var rollbacks = 0
  /// From a change that failed to the end of what restored it; `nil` if nothing was restored.
  public var timeToRestore: Spread?
  /// Changes that failed and are not restored yet.
  public var notRestored = 0
  /// Changes that were restored by a clock that went back.
  public var restoreNotKnown = 0
  /// How long a deployment that succeeded took; `nil` without one.
  public var duration: Spread?
  /// The same by step, in the order of the steps.
  public var steps: [Step] = []

  public init(weeks: Double) { self.weeks = weeks }

  /// The changes that can be judged.
  public var changes: Int { good + failed + rolledBack }

  /// `nil` for a period of less than a week: nobody knows what the rest of the week would have been like.
  public var deploymentsPerWeek: Double? { weeks >= 1 ? Double(deployments) / weeks : nil }

  /// From 0 to 1; `nil` without changes.
  public var changeFailureRate: Double? {
    changes > 0 ? Double(failed + rolledBack) / Double(changes) : nil
  }
}
