import Platform

extension Observation {
  /// As many restarts of a container without a health check are a crash loop.
  static let crashLoopRestarts = 3

  /// Docker waits at most a minute before it starts a container again that keeps crashing.
  private static let longestBackoff = Duration.seconds(60)

  /// Whether a container that runs at this moment keeps crashing: it has been restarted often, and just now.
  func isCrashLoop(_ container: Container) -> Bool {
    guard container.restarts >= Self.crashLoopRestarts, container.health != "healthy",
      let uptime = uptime(of: container)
    else { return false }
    return uptime < Self.longestBackoff
  }
}
