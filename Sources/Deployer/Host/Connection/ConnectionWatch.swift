import Synchronization

/// Watches one connection until the remote shell has spoken: shows what `ssh` says meanwhile, and gives up in the end.
final class ConnectionWatch: Sendable {
  private struct State {
    var wait: ConnectionWait
    var isConnected = false
    var givenUp: ConnectionGivenUp?
  }

  private let state: Mutex<State>
  private let show: @Sendable (_ line: String) -> Void
  private static let clock = ContinuousClock()

  /// How often it looks. A person does not notice more.
  private static let pause = Duration.milliseconds(100)

  init(_ limits: ConnectionLimits, show: @escaping @Sendable (_ line: String) -> Void) {
    state = Mutex(State(wait: ConnectionWait(limits, since: Self.clock.now)))
    self.show = show
  }

  /// Why the connection was abandoned; `nil` if it was not.
  var givenUp: ConnectionGivenUp? { state.withLock(\.givenUp) }

  /// Takes what `ssh` wrote to standard error.
  func heard(_ bytes: [UInt8]) {
    state.withLock { state in
      if !state.isConnected { state.wait.heard(bytes, at: Self.clock.now) }
    }
  }

  /// The remote shell has spoken, or the connection has ended: nothing is waited for any more.
  func connected() { state.withLock { $0.isConnected = true } }

  /// Returns when the remote shell has spoken, or after it has called `abandon`.
  func run(abandon: @Sendable () -> Void) async {
    while (try? await Task.sleep(for: Self.pause)) != nil {
      let (lines, isOver) = state.withLock { state -> ([String], Bool) in
        guard !state.isConnected else { return ([], true) }
        let lines = state.wait.due(at: Self.clock.now)
        state.givenUp = state.wait.givenUp(at: Self.clock.now)
        return (lines, state.givenUp != nil)
      }
      for line in lines { show(line) }
      guard isOver else { continue }
      if givenUp != nil { abandon() }
      return
    }
  }
}
