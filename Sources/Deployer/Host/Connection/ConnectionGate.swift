import Synchronization

/// How many connections are being set up at the same time. A key exchange keeps a core busy on both sides, so more at once
/// are no faster; and OpenSSH's server turns connections away at random from the eleventh that has not logged in
/// (`MaxStartups 10:30:100` in sshd_config(5)): of thirty targets behind one jump host some would not be reached.
final class ConnectionGate: Sendable {
  /// This process's. Eight leave room for somebody else; a host that has not answered after two seconds is likely to be off,
  /// and the others do not wait for it.
  static let shared = ConnectionGate(width: 8, slotTimeout: .seconds(2))

  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let slotTimeout: Duration

  /// - Parameters:
  ///   - width: how many are let in at the same time.
  ///   - slotTimeout: after this time one no longer counts, whatever has become of it.
  init(width: Int, slotTimeout: Duration) {
    state = Mutex(State(free: width))
    self.slotTimeout = slotTimeout
  }

  /// Runs `body` when it is its turn. Its place is free again when it calls `connected`, when it ends, or after the timeout.
  func pass<Value>(_ body: (_ connected: @escaping @Sendable () -> Void) async throws -> Value) async rethrows -> Value
  {
    await enter()
    let isInside = Mutex(true)
    let leave = { @Sendable [self] in
      let wasInside = isInside.withLock { inside in
        defer { inside = false }
        return inside
      }
      if wasInside { self.leave() }
    }
    let timer = Task { [slotTimeout] in
      if (try? await Task.sleep(for: slotTimeout)) != nil { leave() }
    }
    defer {
      timer.cancel()
      leave()
    }
    return try await body {
      timer.cancel()
      leave()
    }
  }

  private func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  /// The place goes to whoever has waited longest.
  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
