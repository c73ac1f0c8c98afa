import Platform

/// Where words go: results to standard output, everything for people beside them to standard error.
struct Console: Sendable {
  var usesColor: Bool
  var isQuiet: Bool
  var isVerbose: Bool

  static let standard = Console(usesColor: false, isQuiet: false, isVerbose: false)

  /// A result. Ends in a newline.
  func print(_ text: String) { Self.write(text + "\n", to: STDOUT_FILENO) }

  /// A piece of a long result, as it is. What cannot be written ends the command: half an export must not pass for a whole.
  func emit(_ text: String) throws(Failure) {
    guard let reason = Self.write(text, to: STDOUT_FILENO) else { return }
    throw Failure(status: ExitStatus.notSucceeded, lines: ["the output could not be written: \(reason)"])
  }

  /// Something that a person may want to know.
  func note(_ text: String) {
    if !isQuiet { Self.write(Self.plain(text) + "\n", to: STDERR_FILENO) }
  }

  /// Something that a person should know, quiet or not.
  func warning(_ text: String) {
    Self.write("\(colored("warning:", "33")) \(Self.plain(text))\n", to: STDERR_FILENO)
  }

  func failure(_ failure: Failure) {
    for line in failure.lines {
      let isDetail = line.hasPrefix(" ")
      Self.write((isDetail ? "" : "ktrdr: ") + Self.plain(line) + "\n", to: STDERR_FILENO)
    }
  }

  func colored(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Text from elsewhere must not steer the terminal: control characters become visible, and so do those that turn the
  /// direction of writing, by which one line can look like another.
  static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          let isControl =
            (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
          return isControl ? "\u{FFFD}" : scalar
        }))
  }

  /// The system's reason where not all of it was written.
  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> String? {
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
