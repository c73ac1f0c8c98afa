/// What a deployment tells while it runs. The console is told, never asked.
public enum Progress: Sendable, Equatable {
  case checking(host: String)
  case fetching(item: String)
  case started(deployment: Int64)
  case stepBegan(String)
  case stepEnded(String, status: Int32, milliseconds: Int64)
  /// A line of a program on the host, redacted.
  case output(String)
  /// A service that is not healthy yet, or its reason.
  case waiting(String)
  case warning(String)
  /// Why something is done the way it is, line by line.
  case explanation([String])
  /// The services of this deployment did not become healthy and go back to what ran before.
  case recovering(deployment: Int64)
  /// The deployment ended; what the ledger has of it.
  case ended(DeployResult)
}
