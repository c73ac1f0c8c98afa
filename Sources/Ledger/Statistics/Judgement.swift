/// What a deployment counts as in the change failure rate.
public enum Judgement: Sendable, Equatable {
  /// It changed the host, succeeded, and no rollback undid it.
  case good
  /// It changed the host and failed.
  case failed
  /// It did not fail by itself, but a rollback undid it: the first that did has this number.
  case rolledBack(by: Int64)
  /// It changed the host, and nobody knows whether it was good: cancelled, interrupted or unknown.
  case notKnown
  /// It ended before the host was told to change.
  case changedNothing
  /// It has not ended.
  case running
  /// It is a rollback, which is no change of its own.
  case rollback

  /// Whether it is one of the changes that failed.
  public var isFailure: Bool {
    switch self {
    case .failed, .rolledBack: true
    default: false
    }
  }
}

/// Judges deployments by what happened to them later.
public struct Judge: Sendable {
  /// Beside each deployment that was undone, the first rollback that changed the host to undo it.
  private var undoneBy: [Int64: Int64] = [:]

  /// `facts` are all that is known, also from after the period that is judged, oldest first.
  public init(_ facts: [DeploymentFacts]) {
    for fact in facts where fact.deployment.start.kind == .rollback && fact.reachedHost {
      guard let undone = fact.deployment.start.undoes, undoneBy[undone] == nil else { continue }
      undoneBy[undone] = fact.deployment.id
    }
  }

  public func judge(_ facts: DeploymentFacts) -> Judgement {
    let deployment = facts.deployment
    guard deployment.start.kind == .deploy else { return .rollback }
    guard let outcome = deployment.outcome else { return .running }
    if outcome != .failed, let rollback = undoneBy[deployment.id] { return .rolledBack(by: rollback) }
    guard facts.reachedHost else { return .changedNothing }
    switch outcome {
    case .succeeded: return .good
    case .failed: return .failed
    case .cancelled, .interrupted, .unknown: return .notKnown
    }
  }

  /// Whether a deployment or rollback succeeded and was not undone.
  func stands(_ deployment: Deployment) -> Bool {
    deployment.outcome == .succeeded && undoneBy[deployment.id] == nil
  }
}
