/// How long a connection may take until the remote shell has spoken.
struct ConnectionLimits: Sendable {
  /// Without a word of `ssh`, and after the login, whatever the login shell says.
  var silence = Duration.seconds(20)
  /// Once there was one: a person may have to open a link or touch a key.
  var afterWords = Duration.seconds(120)
  /// When what `ssh` says is shown. Most connections are open long before.
  var display = Duration.seconds(3)
  /// After this time the beginning of a line is shown without its end: a prompt has none.
  var unfinishedLine = Duration.milliseconds(500)
}

/// Why ktrdr did not wait for the remote shell any longer.
enum ConnectionGivenUp: Sendable, Equatable {
  case silent(after: Duration)
  /// The login succeeded.
  case loginShellSilent(after: Duration)
  /// `ssh` said this last.
  case waiting(after: Duration, line: String)
}

/// What `ssh` says until the remote shell has spoken: how long that may take, and what of it a person is shown. A value
/// that is told the time.
struct ConnectionWait: Sendable {
  typealias Instant = ContinuousClock.Instant

  private let limits: ConnectionLimits
  private let displayedFrom: Instant
  private var deadline: Instant
  private var isLoggedIn = false
  private var logins = 0
  private var lastWords: String?
  private var unfinished: (bytes: [UInt8], since: Instant, shown: String?)
  private var waiting: [String] = []
  private var shownCount = 0

  /// No server's banner is longer; an endless one must not flood the screen, or memory.
  private static let shownLimit = 100
  private static let lineLimit = 4 << 10
  /// More jump hosts in a row than anybody has.
  private static let loginLimit = 10

  init(_ limits: ConnectionLimits, since start: Instant) {
    self.limits = limits
    displayedFrom = start + limits.display
    deadline = start + limits.silence
    unfinished = ([], start, nil)
  }

  /// Takes what `ssh` wrote to standard error.
  mutating func heard(_ bytes: [UInt8], at now: Instant) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || unfinished.bytes.count == Self.lineLimit { endLine(at: now) }
      if byte != UInt8(ascii: "\n") {
        if unfinished.bytes.isEmpty { unfinished.since = now }
        unfinished.bytes.append(byte)
      }
    }
  }

  /// The lines that a person is to see now, each once.
  mutating func due(at now: Instant) -> [String] {
    guard now >= displayedFrom else { return [] }
    if now - unfinished.since >= limits.unfinishedLine, unfinished.shown == nil {
      let beginning = SSHLine(unfinished.bytes)
      if beginning.isForPeople {
        take(beginning, at: now)
        unfinished.shown = beginning.text
      }
    }
    defer { waiting = [] }
    let lines = waiting.prefix(Self.shownLimit - shownCount)
    shownCount += lines.count
    return Array(lines)
  }

  /// Why it is time to give up; `nil` if it is not.
  func givenUp(at now: Instant) -> ConnectionGivenUp? {
    guard now >= deadline else { return nil }
    guard !isLoggedIn else { return .loginShellSilent(after: limits.silence) }
    return lastWords.map { .waiting(after: limits.afterWords, line: $0) } ?? .silent(after: limits.silence)
  }

  private mutating func endLine(at now: Instant) {
    let line = SSHLine(unfinished.bytes)
    if line.text != unfinished.shown { take(line, at: now) }
    unfinished = ([], now, nil)
  }

  private mutating func take(_ line: SSHLine, at now: Instant) {
    switch line.kind {
    case .authenticated:
      // Each jump host has a line of its own. A host that goes on saying so is not believed.
      isLoggedIn = true
      logins += 1
      if logins <= Self.loginLimit { deadline = now + limits.silence }
    case .blank, .statistics: break
    case .notice: show(line.text)
    case .words:
      // Not after the login: sshd tells of a missing home directory, for instance.
      if lastWords == nil, !isLoggedIn { deadline = max(deadline, now + limits.afterWords) }
      lastWords = line.text
      show(line.text)
    }
  }

  private mutating func show(_ text: String) {
    if waiting.count < Self.shownLimit { waiting.append(text) }
  }
}
