import Synchronization

/// The operator's request to stop, checked wherever stopping is safe. Not task cancellation: that would kill `ssh`
/// halfway through a step and leave its outcome unknown.
public final class StopSignal: Sendable {
  private struct State {
    var signal: Int32?
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var lastWaiter = 0
  }

  private let state = Mutex(State())

  public init() {}

  /// The number of the first signal that requested the stop; `nil` before that.
  public var signal: Int32? { state.withLock { $0.signal } }

  /// Returns when a stop is requested or the task is cancelled.
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

  /// Requests a stop. Returns false if one was already requested.
  public func request(_ signal: Int32) -> Bool {
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
