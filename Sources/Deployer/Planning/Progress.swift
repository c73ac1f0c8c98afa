public import Ledger

/// What a deployment reports while it runs.
public enum Progress: Sendable, Equatable {
  case checking(host: String)
  case fetching(item: String)
  case started(deployment: Int64)
  case stepBegan(StepName)
  case stepEnded(StepName, status: Int32, milliseconds: Int64)
  /// How far the step ``StepName/pull`` has come.
  case pulling(PullBytes)
  /// What the step ``StepName/health`` waits for, of at most `limit`.
  case awaitingHealth([PendingService], limit: Duration)
  /// A line of a program on the host, redacted.
  case output(String)
  /// Somebody or something that is waited for.
  case waiting(String)
  case warning(String)
  /// Why something is done the way it is, line by line.
  case explanation([String])
  /// The services did not become healthy and go back to their previous images.
  case recovering(deployment: Int64)
  /// The deployment ended, as the ledger has it.
  case ended(Outcome, reason: String?)
}
