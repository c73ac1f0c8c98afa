import Platform

/// Prints results to standard output, and everything else to standard error.
struct Console: Sendable {
  var usesColor: Bool
  var isQuiet: Bool
  var isVerbose: Bool
  /// What is redrawn on standard error meanwhile: everything else goes above it.
  var live: LiveDisplay?
  /// The columns of the terminal that standard error is; `nil` if it is none. What is wider continues on a line of its own.
  var width: Int?

  static let standard = Console(usesColor: false, isQuiet: false, isVerbose: false)

  /// Prints a result and a newline.
  func print(_ text: String) { Self.write(text + "\n", to: STDOUT_FILENO) }

  /// Prints part of a long result, verbatim. Throws if it cannot be written: a partial export must not look complete.
  func emit(_ text: String) throws(Failure) {
    guard let reason = Self.write(text, to: STDOUT_FILENO) else { return }
    // Whoever read it has enough, as `head` has: nothing to say.
    guard errno != EPIPE else { throw Failure(status: ExitStatus.notSucceeded, lines: []) }
    throw Failure(status: ExitStatus.notSucceeded, "the output could not be written: \(reason)", next: nil)
  }

  /// Prints a line of information, unless `--quiet` is set. `painted` follows `text` in a colour.
  func note(_ text: String, _ painted: (words: String, code: String)? = nil, _ rest: String = "") {
    guard !isQuiet else { return }
    let middle = painted.map { colored(Self.line($0.words), $0.code) } ?? ""
    guard painted == nil else { return say(Self.line(text) + middle + Self.line(rest)) }
    for line in wrapped(Self.line(text)) { say(line) }
  }

  /// Prints lines that are safe and painted already, unless `--quiet` is set.
  func note(lines: [String]) {
    guard !isQuiet else { return }
    for line in lines { say(line) }
  }

  /// Prints a warning, even if `--quiet` is set.
  func warning(_ text: String) {
    let lead = "warning:"
    for (index, part) in wrapped("\(lead) \(Self.line(text))").enumerated() {
      say(index == 0 ? colored(lead, "33") + part.dropFirst(lead.count) : part)
    }
  }

  /// Prints a message to standard error as it is.
  func error(_ text: String) { say(text) }

  func failure(_ failure: Failure) {
    for line in failure.lines {
      let isDetail = line.hasPrefix(" ")
      for (index, part) in wrapped((isDetail ? "" : "ktrdr: ") + Self.line(line)).enumerated() {
        say(index == 0 ? painted(part) : part)
      }
    }
  }

  /// What stands out in a failure: that it is one, and what to do next.
  private func painted(_ line: String) -> String {
    for (lead, code) in [("ktrdr:", "31"), ("  next:", "1")] where line.hasPrefix(lead) {
      return colored(lead, code) + line.dropFirst(lead.count)
    }
    return line
  }

  /// A command stays in one piece, to be copied, and so does a line of a log.
  private func wrapped(_ line: String) -> [String] {
    guard let width, !line.hasPrefix("  next: "), !line.hasPrefix("  | ") else { return [line] }
    return Wrapping.lines(line, width: width)
  }

  func colored(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Makes text with foreign words safe for a terminal: one line, in which every character that could make it look like
  /// another one is escaped. A tab stays: it only moves forward.
  static func line(_ text: String) -> String { text.escapedForPeople(keeping: ["\t"]) }

  /// Several lines, each made safe.
  static func lines(_ lines: [String]) -> String { lines.map(line).joined(separator: "\n") }

  private func say(_ line: String) {
    let text = line + "\n"
    if live?.write(text) != true { Self.write(text, to: STDERR_FILENO) }
  }

  /// Returns the system's error message if not everything was written.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> String? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else { return String(cString: strerror(errno)) }
      rest = rest.dropFirst(written)
    }
    return nil
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
