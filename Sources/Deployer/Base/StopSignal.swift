import Synchronization

/// The operator's request to stop, checked wherever stopping is safe. Not task cancellation: that would kill `ssh`
/// halfway through a step and leave its outcome unknown.
public final class StopSignal: Sendable {
  private struct State {
    var isRequested = false
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

  /// Requests a stop. Returns false if one was already requested; if not, `announce` runs before anybody is stopped, so that
  /// what it says stands before what comes of it.
  public func request(_ signal: Int32, announce: () -> Void = {}) -> Bool {
    let isFirst = state.withLock { state in
      defer { state.isRequested = true }
      return !state.isRequested
    }
    guard isFirst else { return false }
    announce()
    let waiting = state.withLock { state in
      state.signal = signal
      defer { state.waiting = [:] }
      return state.waiting
    }
    for continuation in waiting.values { continuation.resume() }
    return true
  }
}
