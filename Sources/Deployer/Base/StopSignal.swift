import Synchronization

/// The operator's wish to stop, asked for at the points where stopping is safe. Not a task's cancellation: that would
/// end `ssh` midway, and then nobody knows what happened.
public final class StopSignal: Sendable {
  private struct State {
    var signal: Int32?
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var lastWaiter = 0
  }

  private let state = Mutex(State())

  public init() {}

  /// The number of the signal that asked for it first; `nil` while nobody has.
  public var signal: Int32? { state.withLock { $0.signal } }

  /// Returns when somebody has asked to stop, or the task is cancelled.
  func wait() async {
    let waiter = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          guard state.signal == nil, !Task.isCancelled else { return true }
          state.waiting[waiter] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: waiter) }?.resume()
    }
  }

  /// Asks to stop. Returns false when somebody had asked before.
  public func ask(_ signal: Int32) -> Bool {
    let waiting = state.withLock { state -> [Int: CheckedContinuation<Void, Never>]? in
      guard state.signal == nil else { return nil }
      state.signal = signal
      defer { state.waiting = [:] }
      return state.waiting
    }
    guard let waiting else { return false }
    for continuation in waiting.values { continuation.resume() }
    return true
  }
}
