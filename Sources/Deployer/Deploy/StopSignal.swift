import Synchronization

/// The operator's wish to stop, asked for at the points where stopping is safe. Not a task's cancellation: that would
/// end `ssh` midway, and then nobody knows what happened.
public final class StopSignal: Sendable {
  private let received = Mutex<Int32?>(nil)

  public init() {}

  /// The number of the signal that asked for it first; `nil` while nobody has.
  public var signal: Int32? { received.withLock { $0 } }

  /// Returns when somebody has asked to stop, or the task is cancelled.
  func wait() async {
    while signal == nil {
      do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
    }
  }

  /// Asks to stop. Returns false when somebody had asked before.
  public func ask(_ signal: Int32) -> Bool {
    received.withLock { first in
      guard first == nil else { return false }
      first = signal
      return true
    }
  }
}

extension CommandRunner {
  /// The same, but a command ends as soon as somebody asks to stop: only for commands that change nothing.
  public func ended(by stop: StopSignal) -> CommandRunner {
    CommandRunner { command, timeout in
      try await withThrowingTaskGroup(of: CommandResult?.self) { group in
        group.addTask { try await run(command, timeout) }
        group.addTask {
          await stop.wait()
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
          throw CommandError.stopped(executable: command.executable)
        }
        return result
      }
    }
  }
}
