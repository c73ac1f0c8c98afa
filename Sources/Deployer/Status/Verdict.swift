import Ledger

/// The result of comparing the ledger with a host, for a service or a whole target. From best to worst: if several apply,
/// the worst is reported.
public enum Verdict: String, Sendable, CaseIterable, Comparable {
  /// What should run, runs, and is not unhealthy.
  case inSync = "in sync"
  /// A job that has done its work and ended with 0.
  case completed
  /// There are containers that the ledger does not know; for a target, also that nothing is recorded and nothing runs.
  case unrecorded
  /// There is a container of a service that the compose files no longer have.
  case orphaned
  /// Another image runs than the ledger expects, or the container was created without a secret that the files give it: not by
  /// ktrdr.
  case drifted
  /// Its health check fails, or it keeps restarting.
  case unhealthy
  /// There is a container, but it is not running.
  case stopped
  /// There should be a container, but there is none, or there are fewer than the compose files ask for.
  case missing
  /// The host could not be asked.
  case unreachable

  public static func < (left: Verdict, right: Verdict) -> Bool { left.severity < right.severity }

  /// Whether nothing needs attention.
  public var isGood: Bool { self == .inSync || self == .completed }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The verdict on one container. Images are the same when their config ids or their digests are, never by their tag:
  /// a tag can be moved.
  static func on(
    _ container: Observation.Container, in seen: Observation, expected: ImageIdentity?, project: ComposeProject?
  ) -> Verdict {
    if let project, project.service(container.service) == nil { return .orphaned }
    guard let expected else { return .unrecorded }
    var matching = Verdict.inSync
    switch (container.state, container.health) {
    case ("restarting", _), ("running", "unhealthy"): return .unhealthy
    case ("running", _) where seen.isCrashLoop(container): return .unhealthy
    case ("running", _): break
    case ("exited", _) where container.exitCode == 0 && Job.isOne(container, in: project): matching = .completed
    default: return .stopped
    }
    let names = [nil] + (seen.digests[container.imageID] ?? []).map(Optional.some)
    let runs = names.map { ImageIdentity(reference: container.reference, id: container.imageID, digest: $0) }
    guard runs.contains(where: expected.isSame) else { return .drifted }
    return container.missingSecrets(project).isEmpty ? matching : .drifted
  }
}

extension Observation.Container {
  /// The variables that have a secret in the compose files and nothing in the container, in order.
  func missingSecrets(_ project: ComposeProject?) -> [String] {
    (project?.service(service)?.secretVariables ?? []).intersection(emptyVariables).sorted()
  }
}
