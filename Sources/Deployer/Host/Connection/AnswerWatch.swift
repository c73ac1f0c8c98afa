import Synchronization

/// How long a host may take to answer, once its shell has spoken. No request waits for ever.
struct AnswerLimits: Sendable {
  /// For the whole of a request that only asks, or that changes next to nothing. An answer takes a fraction of a second;
  /// Compose may fetch a file that another one includes.
  var whole = Duration.seconds(60)
  /// For a request whose length depends on images and containers, such as a pull: without any word. Compose reports each
  /// layer as it comes, and the longest silence is a container that takes its time to stop.
  var silence = Duration.seconds(1800)
  /// For any request, however much the host says meanwhile.
  var longest = Duration.seconds(86400)

  /// What bounds one request.
  enum Bound: Sendable, Equatable {
    case whole, silence
    /// It has a limit of its own.
    case known(Duration)
  }

  func duration(_ bound: Bound) -> Duration {
    switch bound {
    case .whole: whole
    case .silence: silence
    case .known(let duration): duration
    }
  }
}

/// Watches one request, and cuts the connection when it has taken too long.
final class AnswerWatch: Sendable {
  private let bound: AnswerLimits.Bound
  private let limit: Duration
  private let end: ContinuousClock.Instant
  /// From when the limit counts; `nil` until the host's shell has spoken. Before that the limits of the connection hold.
  private let since: Mutex<ContinuousClock.Instant?>
  private static let clock = ContinuousClock()

  init(_ limits: AnswerLimits, _ bound: AnswerLimits.Bound, hasSpoken: Bool) {
    self.bound = bound
    limit = limits.duration(bound)
    end = Self.clock.now + limits.longest
    since = Mutex(hasSpoken ? Self.clock.now : nil)
  }

  /// The host said something.
  func heard() {
    since.withLock { if $0 == nil || bound == .silence { $0 = Self.clock.now } }
  }

  /// Runs `body`, and meanwhile calls `abandon` when the limit is reached. Returns the limit with the value in that case.
  func run<Value>(abandon: @escaping @Sendable () -> Void, _ body: () async -> Value) async -> (Value, late: Duration?)
  {
    let watching = Task { [self] in
      while !Task.isCancelled {
        let left = min(since.withLock { $0.map { limit - (Self.clock.now - $0) } ?? limit }, end - Self.clock.now)
        guard left > .zero else {
          abandon()
          return true
        }
        try? await Task.sleep(for: left)
      }
      return false
    }
    let value = await body()
    watching.cancel()
    return (value, await watching.value ? limit : nil)
  }
}
