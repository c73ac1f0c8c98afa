/// A service that is not healthy yet, and why.
public struct PendingService: Sendable, Equatable {
  public enum Cause: Sendable, Equatable {
    /// Its health check has not decided.
    case starting
    case restarting
    case notRunning
    /// It runs, and has no health check: it must have been up for so long.
    case settling(Duration)
    /// Another service waits for it to end.
    case working
  }

  public var service: String
  public var cause: Cause

  public init(_ service: String, _ cause: Cause) {
    self.service = service
    self.cause = cause
  }
}
