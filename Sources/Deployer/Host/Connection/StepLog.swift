import Platform

/// Gathers the output of each step between its two markers.
struct StepLog {
  private let clock = ContinuousClock()
  private var open: (name: StepName, startedAt: Date, since: ContinuousClock.Instant)?
  private var lines: [String] = []
  private var size = 0
  private var hostLogins: [String] = []
  private var composeDigest: String?

  /// In bytes: how much of the end of one step's output is kept. Twice as much may be in memory, so that the oldest lines
  /// are dropped many at a time.
  private static let sizeLimit = 256 << 10

  /// Takes one event; returns the step that it ended. A step that ktrdr does not know is ignored.
  mutating func take(_ event: RemoteEvent) -> FinishedStep? {
    switch event {
    case .begin(let step):
      open = StepName(rawValue: step).map { ($0, Date(), clock.now) }
      lines = []
      size = 0
      return nil
    case .end(let step, let status):
      return close(named: step, status: status)
    case .output(let line):
      lines.append(line)
      size += Self.size(of: line)
      if size > 2 * Self.sizeLimit { dropOldest() }
      return nil
    case .fact("host-logins", let servers):
      hostLogins = servers
      return nil
    case .fact("compose-digest", let fields):
      composeDigest = fields.first
      return nil
    case .fact, .done:
      return nil
    }
  }

  /// The step that was under way when the connection ended.
  mutating func cutOff() -> FinishedStep? {
    open.flatMap { close(named: $0.name.rawValue, status: nil) }
  }

  private mutating func dropOldest() {
    var dropped = 0
    while size > Self.sizeLimit, dropped < lines.count - 1 {
      size -= Self.size(of: lines[dropped])
      dropped += 1
    }
    lines.removeFirst(dropped)
  }

  /// Includes what an empty line costs.
  private static func size(of line: String) -> Int { line.utf8.count + MemoryLayout<String>.size }

  private mutating func close(named name: String, status: Int32?) -> FinishedStep? {
    guard let begun = open, begun.name.rawValue == name else { return nil }
    open = nil
    dropOldest()
    return FinishedStep(
      name: begun.name, startedAt: begun.startedAt, milliseconds: (clock.now - begun.since).milliseconds,
      status: status, output: lines, hostLogins: hostLogins, composeDigest: composeDigest)
  }
}
