import Ledger

/// What comparing the ledger with a host says of a service, or of a whole target. From the best to the worst: where
/// several hold, the worst is told.
public enum Verdict: String, Sendable, CaseIterable, Comparable {
  /// What should run, runs, and is not unhealthy.
  case inSync = "in sync"
  /// There are containers, and the ledger knows nothing of them; of a target also that nothing is recorded and nothing runs.
  case unrecorded
  /// Another image runs than the ledger expects.
  case drifted
  /// Its health check says so, or it restarts again and again.
  case unhealthy
  /// There is a container, and it does not run.
  case stopped
  /// There should be a container, and there is none.
  case missing
  /// The host does not say what runs.
  case unreachable

  public static func < (left: Verdict, right: Verdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The verdict on one container. Images are the same when their config ids or their digests are, never by their tag:
  /// a tag can be moved.
  static func on(_ container: Observation.Container, digests: [String], expected: ImageIdentity?) -> Verdict {
    guard let expected else { return .unrecorded }
    switch (container.state, container.health) {
    case ("restarting", _), ("running", "unhealthy"): return .unhealthy
    case ("running", _): break
    default: return .stopped
    }
    let names = [nil] + digests.map(Optional.some)
    let runs = names.map { ImageIdentity(reference: container.reference, id: container.imageID, digest: $0) }
    return runs.contains(where: expected.isSame) ? .inSync : .drifted
  }
}
