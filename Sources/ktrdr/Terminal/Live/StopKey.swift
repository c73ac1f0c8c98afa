import Platform
import Synchronization

/// Ctrl-Z while a picture is shown: the cursor goes below it before the process stops, so that the shell writes on a line of its
/// own. Then the signal takes its usual course.
enum StopKey {
  /// What the handler needs; it may not take a lock.
  private static let descriptor = Atomic<Int32>(-1)
  private static let rows = Atomic<Int>(0)
  private static let isArmed = Atomic<Bool>(false)

  /// Takes care of a picture of this many rows on a terminal. To be called again for each picture: a signal that was
  /// handled is no longer taken care of.
  static func arm(_ terminal: Int32, rows count: Int) {
    descriptor.store(terminal, ordering: .sequentiallyConsistent)
    rows.store(count, ordering: .sequentiallyConsistent)
    guard !isArmed.exchange(true, ordering: .sequentiallyConsistent) else { return }
    // Whoever started ktrdr with the signal ignored does not want it to stop.
    guard let former = signal(SIGTSTP, handler), unsafeBitCast(former, to: Int.self) == ignored else { return }
    signal(SIGTSTP, SIG_IGN)
  }

  /// Whether it was, since a picture was taken care of: the cursor is somewhere else now.
  static var wasPressed: Bool { !isArmed.load(ordering: .sequentiallyConsistent) }

  private static let ignored = unsafeBitCast(SIG_IGN, to: Int.self)

  private static let handler: @convention(c) (Int32) -> Void = { _ in
    let code = errno
    var newline = UInt8(ascii: "\n")
    // From the first row of the picture to its last; shells begin with a line end.
    for _ in 1..<max(1, rows.exchange(0, ordering: .sequentiallyConsistent)) {
      _ = write(descriptor.load(ordering: .sequentiallyConsistent), &newline, 1)
    }
    signal(SIGTSTP, SIG_DFL)
    isArmed.store(false, ordering: .sequentiallyConsistent)
    // Arrives when this handler has returned, and stops the process.
    raise(SIGTSTP)
    errno = code
  }
}
