import Synchronization

/// The operator's wish to stop, asked for at the points where stopping is safe. Not a task's cancellation: that would
/// end `ssh` midway, and then nobody knows what happened.
public final class StopSignal: Sendable {
  private let received = Mutex<Int32?>(nil)

  public init() {}

  /// The number of the signal that asked for it first; `nil` while nobody has.
  public var signal: Int32? { received.withLock { $0 } }

  /// Asks to stop. Returns false when somebody had asked before.
  public func ask(_ signal: Int32) -> Bool {
    received.withLock { first in
      guard first == nil else { return false }
      first = signal
      return true
    }
  }
}
