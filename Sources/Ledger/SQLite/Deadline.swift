internal import CSQLite

/// A moment after which a running statement is interrupted.
final class Deadline {
  private let end: ContinuousClock.Instant?

  /// Infinity never passes.
  init(after seconds: Double) { end = seconds.isFinite ? .now + .seconds(seconds) : nil }

  var hasPassed: Bool { end.map { ContinuousClock.now >= $0 } ?? false }
}

extension Database {
  /// Interrupts statements of this connection once `deadline` has passed; the caller keeps the value alive until it sets
  /// `nil` again.
  func watch(_ deadline: Deadline?) {
    guard let deadline else {
      sqlite3_progress_handler(handle, 0, nil, nil)
      return
    }
    let context = Unmanaged.passUnretained(deadline).toOpaque()
    sqlite3_progress_handler(
      handle, 10_000,
      { context in
        guard let context else { return 0 }
        return Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue().hasPassed ? 1 : 0
      }, context)
  }
}
