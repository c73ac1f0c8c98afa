public import Platform

/// One step of a deployment, recorded when it ends.
public struct StepRecord: Sendable, Equatable, Codable {
  /// When and why somebody removed its output.
  public struct Purge: Sendable, Equatable, Codable {
    public var at: Date
    public var reason: String
  }

  public var name: String
  public var startedAt: Date
  /// Measured with a monotonic clock.
  public var durationMS: Int64
  public var exitStatus: Int32?
  public var outcome: StepOutcome
  /// The last part of its output, with secrets already removed; `nil` if it had none or it was purged.
  public var output: String?
  /// `nil` if its output was not purged.
  public private(set) var purge: Purge?

  public init(
    name: String, startedAt: Date, durationMS: Int64, exitStatus: Int32? = nil, outcome: StepOutcome,
    output: String? = nil
  ) {
    self.name = name
    self.startedAt = startedAt
    self.durationMS = durationMS
    self.exitStatus = exitStatus
    self.outcome = outcome
    self.output = output
  }
}

extension Event {
  static func step(_ step: StepRecord, of id: Int64, outputDigest: [UInt8]?) -> Event {
    var event = Event(.step, deployment: id)
    event[.name] = .text(step.name)
    event[.startedAt] = .integer(milliseconds(of: step.startedAt))
    event[.durationMS] = .integer(step.durationMS)
    event[.exitStatus] = step.exitStatus.map { .integer(Int64($0)) }
    event[.outcome] = .text(step.outcome.rawValue)
    event[.outputDigest] = outputDigest.map(Value.blob)
    return event
  }
}

extension StepRecord {
  /// The columns that `init(_:)` reads: those of the event from `e`, of the output from `o`, of a purge from `p`.
  static let columns: String = {
    let event: [Column] = [.seq, .name, .startedAt, .durationMS, .exitStatus, .outcome, .outputDigest]
    return (event.map { "e.\($0.name)" } + ["o.salt", "o.text", "p.at", "p.reason"]).joined(separator: ", ")
  }()

  /// Throws if something is missing that every step has, or if the output is not the one that the event is about. An
  /// outcome that only a newer format knows is read as `unknown`.
  init(_ row: borrowing Statement) throws(SQLiteError) {
    self.init(
      name: try row.text(1, "name"), startedAt: date(milliseconds: try row.integer(2, "start")),
      durationMS: try row.integer(3, "duration"), exitStatus: row.integer(4).map { Int32(truncatingIfNeeded: $0) },
      outcome: StepOutcome(stored: try row.text(5, "outcome").utf8) ?? .unknown, output: row.remainingText(8))
    if let at = row.integer(9) { purge = Purge(at: date(milliseconds: at), reason: row.remainingText(10) ?? "") }
    guard output != nil else { return }
    if let problem = StoredOutput.problem(row, salt: 7, text: 8, digest: row.blob(6)) {
      throw .corrupt("the output of step event \(try row.integer(0, "seq")) \(problem)")
    }
  }
}

/// Milliseconds since 1970 in UTC, the ledger's unit of time, clamped to the range of Int64.
func milliseconds(of date: Date) -> Int64 {
  let value = (date.timeIntervalSince1970 * 1000).rounded()
  return Int64(exactly: value) ?? (value > 0 ? .max : .min)
}

func date(milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

/// Milliseconds from one time to another; 0 if the other is earlier, as after a clock that went back.
func elapsed(from start: Int64, to end: Int64) -> Int64 {
  guard end > start else { return 0 }
  let (difference, isTooLarge) = end.subtractingReportingOverflow(start)
  return isTooLarge ? .max : difference
}
