/// How a deployment ended.
public struct Finish: Sendable, Equatable {
  public var outcome: Outcome
  /// Why, in a sentence, where it did not succeed.
  public var reason: String?
  /// From a monotonic clock.
  public var durationMS: Int64
  /// SHA-256 of the compose file's bytes.
  public var composeDigest: String?

  public init(outcome: Outcome, reason: String? = nil, durationMS: Int64, composeDigest: String? = nil) {
    self.outcome = outcome
    self.reason = reason
    self.durationMS = durationMS
    self.composeDigest = composeDigest
  }
}
