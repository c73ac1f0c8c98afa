public import Platform

/// Time as a deployment sees it. A seam: tests replace it with time that passes only when somebody sleeps.
public struct TimeSource: Sendable {
  /// The wall clock, for what is recorded.
  public var date: @Sendable () -> Date
  /// The monotonic clock, for durations and deadlines.
  public var now: @Sendable () -> ContinuousClock.Instant
  /// Waits; returns early when the task is cancelled.
  public var sleep: @Sendable (Duration) async -> Void

  /// The system's clocks.
  public static let system = TimeSource(
    date: { Date() }, now: { ContinuousClock().now }, sleep: { try? await Task.sleep(for: $0) })
}
