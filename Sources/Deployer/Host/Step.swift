import Ledger
import Platform

/// The steps of a deployment, as the ledger and the console name them.
public enum StepName: String, Sendable, CaseIterable {
  /// The registry login is written to tmpfs.
  case login
  /// Every image is fetched.
  case pull
  /// Where nothing has to be fetched: Compose reads its files with every value in place.
  case config
  /// Nothing runs in it. It is recorded before the host is told to change anything, so a deployment without it has
  /// changed nothing, whatever became of its client.
  case changing
  /// Compose replaces the containers.
  case up
  /// The services are watched until they are healthy.
  case health
  /// The last lines of an unhealthy container.
  case logs
  /// Containers that no longer belong are stopped and removed.
  case scaleDown = "scale-down"
}

/// A step that has ended, or whose end the connection did not report.
struct FinishedStep: Sendable, Equatable {
  var name: StepName
  var startedAt: Date
  var milliseconds: Int64
  /// The exit status; `nil` if the connection ended before the step did.
  var status: Int32?
  var output: [String]
  /// The registries for which the host has logins of its own, as its Docker configuration names them. Known from the step
  /// ``StepName/login`` on.
  var hostLogins: [String] = []
  /// Of the compose files when ``StepName/pull`` or ``StepName/config`` ended, as in ``HostCheck/composeDigest``.
  var composeDigest: String?

  /// The operator did not want to wait for its end.
  var wasCancelled = false

  var outcome: StepOutcome {
    guard !wasCancelled else { return .cancelled }
    guard let status else { return .unknown }
    return status == 0 ? .succeeded : .failed
  }

  /// The last line that is not blank, for a message about a failure.
  var lastLine: String { output.last { !$0.trimmed.isEmpty }?.trimmed ?? "no output" }
}

/// Follows the steps of a request while it is under way.
struct StepObserver {
  var began: (StepName) -> Void = { _ in }
  /// Gets each line of output, redacted.
  var output: (String) -> Void = { _ in }
  /// Gets how far a pull has come, whenever that changes.
  var pulled: (PullBytes) -> Void = { _ in }
  var ended: (FinishedStep) async -> Void = { _ in }
}
