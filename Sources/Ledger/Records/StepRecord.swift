public import Platform

/// One step of a deployment, appended as it ends.
public struct StepRecord: Sendable, Equatable {
  public var name: String
  public var startedAt: Date
  /// From a monotonic clock.
  public var durationMS: Int64
  public var exitStatus: Int32?
  public var outcome: StepOutcome
  /// The tail of its output, already redacted; `nil` where there was none or it was purged.
  public var output: String?

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
  /// `nil` where the event is none of a step.
  init?(_ event: Event, output: String?) {
    guard let name = event.text(.name), let outcome = event.text(.outcome).flatMap(StepOutcome.init) else {
      return nil
    }
    self.init(
      name: name, startedAt: date(milliseconds: event.integer(.startedAt) ?? 0),
      durationMS: event.integer(.durationMS) ?? 0,
      exitStatus: event.integer(.exitStatus).map { Int32(truncatingIfNeeded: $0) }, outcome: outcome, output: output)
  }
}

/// Milliseconds since 1970 in UTC, the ledger's unit of time; what no Int64 holds is clamped.
func milliseconds(of date: Date) -> Int64 {
  let value = (date.timeIntervalSince1970 * 1000).rounded()
  return Int64(exactly: value) ?? (value > 0 ? .max : .min)
}

func date(milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
