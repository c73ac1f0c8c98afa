/// How a deployment ended.
public struct Finish: Sendable, Equatable {
  public var outcome: Outcome
  /// Why it did not succeed, in a sentence.
  public var reason: String?
  /// Measured with a monotonic clock.
  public var durationMS: Int64
  /// SHA-256 of the compose files' bytes, in hexadecimal.
  public var composeDigest: String?

  public init(outcome: Outcome, reason: String? = nil, durationMS: Int64, composeDigest: String? = nil) {
    self.outcome = outcome
    self.reason = reason
    self.durationMS = durationMS
    self.composeDigest = composeDigest
  }
}
