internal import CSQLite

/// How much work a connection's statements may do before SQLite interrupts them.
final class WorkLimit {
  /// Steps of SQLite's virtual machine between two checks.
  static let stepsPerCheck: Int32 = 10_000

  private var checksLeft: Int64
  private let end: ContinuousClock.Instant?

  /// Interrupts after this many steps, in all statements together.
  init(steps: Int64) {
    checksLeft = steps / Int64(Self.stepsPerCheck)
    end = nil
  }

  /// Interrupts after this time; infinity never does.
  init(seconds: Double) {
    checksLeft = .max
    end = seconds.isFinite ? .now + .seconds(seconds) : nil
  }

  /// Counts a check, and returns true once the limit is reached.
  fileprivate func isReached() -> Bool {
    checksLeft -= 1
    return checksLeft < 0 || end.map { ContinuousClock.now >= $0 } ?? false
  }
}

extension Database {
  /// Runs `body`. Its statements throw `SQLITE_INTERRUPT` once the limit is reached. Inside another limit, that one holds.
  func limited<Result>(
    by limit: WorkLimit, _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    guard !isLimited else { return try body() }
    isLimited = true
    let context = Unmanaged.passUnretained(limit).toOpaque()
    sqlite3_progress_handler(
      handle, WorkLimit.stepsPerCheck,
      { context in
        guard let context else { return 0 }
        return Unmanaged<WorkLimit>.fromOpaque(context).takeUnretainedValue().isReached() ? 1 : 0
      }, context)
    defer {
      sqlite3_progress_handler(handle, 0, nil, nil)
      isLimited = false
      withExtendedLifetime(limit) {}
    }
    return try body()
  }
}
