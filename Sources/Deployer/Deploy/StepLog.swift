#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Gathers the lines of each step between its two markers.
struct StepLog {
  private let clock = ContinuousClock()
  private var open: (name: String, startedAt: Date, since: ContinuousClock.Instant)?
  private var lines: [String] = []
  private var size = 0

  /// The most of one step's output that is held; the oldest lines go first.
  private static let sizeLimit = 256 << 10

  /// Takes one event; returns the step that it ended.
  mutating func take(_ event: RemoteEvent) -> FinishedStep? {
    switch event {
    case .begin(let step):
      open = (step, Date(), clock.now)
      lines = []
      size = 0
      return nil
    case .end(let step, let status):
      return close(named: step, status: status)
    case .output(let line):
      lines.append(line)
      size += line.utf8.count
      while size > Self.sizeLimit, lines.count > 1 { size -= lines.removeFirst().utf8.count }
      return nil
    case .fact, .done:
      return nil
    }
  }

  /// The step that was under way when the connection ended.
  mutating func cutOff() -> FinishedStep? {
    open.flatMap { close(named: $0.name, status: nil) }
  }

  private mutating func close(named name: String, status: Int32?) -> FinishedStep? {
    guard let begun = open, begun.name == name else { return nil }
    open = nil
    return FinishedStep(
      name: name, startedAt: begun.startedAt, milliseconds: (clock.now - begun.since).milliseconds, status: status,
      output: lines)
  }
}

extension Duration {
  /// In whole milliseconds, rounded down.
  var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
