import Platform

/// Prints results to standard output, and everything else to standard error.
struct Console: Sendable {
  var usesColor: Bool
  var isQuiet: Bool
  var isVerbose: Bool
  /// What is redrawn on standard error meanwhile: everything else goes above it.
  var live: LiveDisplay?

  static let standard = Console(usesColor: false, isQuiet: false, isVerbose: false)

  /// Prints a result and a newline.
  func print(_ text: String) { Self.write(text + "\n", to: STDOUT_FILENO) }

  /// Prints part of a long result, verbatim. Throws if it cannot be written: a partial export must not look complete.
  func emit(_ text: String) throws(Failure) {
    guard let reason = Self.write(text, to: STDOUT_FILENO) else { return }
    throw Failure(status: ExitStatus.notSucceeded, "the output could not be written: \(reason)", next: nil)
  }

  /// Prints a line of information, unless `--quiet` is set. `painted` follows `text` in a colour.
  func note(_ text: String, _ painted: (words: String, code: String)? = nil, _ rest: String = "") {
    guard !isQuiet else { return }
    let middle = painted.map { colored(Self.line($0.words), $0.code) } ?? ""
    say(Self.line(text) + middle + Self.line(rest))
  }

  /// Prints lines that are safe and painted already, unless `--quiet` is set.
  func note(lines: [String]) {
    guard !isQuiet else { return }
    for line in lines { say(line) }
  }

  /// Prints a warning, even if `--quiet` is set.
  func warning(_ text: String) {
    say("\(colored("warning:", "33")) \(Self.line(text))")
  }

  /// Prints a message to standard error as it is.
  func error(_ text: String) { say(text) }

  func failure(_ failure: Failure) {
    for line in failure.lines {
      let isDetail = line.hasPrefix(" ")
      say((isDetail ? "" : "ktrdr: ") + Self.line(line))
    }
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
