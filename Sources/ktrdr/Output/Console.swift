import Platform

/// Prints results to standard output, and everything else to standard error.
struct Console: Sendable {
  var usesColor: Bool
  var isQuiet: Bool
  var isVerbose: Bool

  static let standard = Console(usesColor: false, isQuiet: false, isVerbose: false)

  /// Prints a result and a newline.
  func print(_ text: String) { Self.write(text + "\n", to: STDOUT_FILENO) }

  /// Prints part of a long result, verbatim. Throws if it cannot be written: a partial export must not look complete.
  func emit(_ text: String) throws(Failure) {
    guard let reason = Self.write(text, to: STDOUT_FILENO) else { return }
    throw Failure(status: ExitStatus.notSucceeded, "the output could not be written: \(reason)", next: nil)
  }

  /// Prints information, unless `--quiet` is set.
  func note(_ text: String) {
    if !isQuiet { Self.write(Self.plain(text) + "\n", to: STDERR_FILENO) }
  }

  /// Prints a warning, even if `--quiet` is set.
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

  /// Makes untrusted text safe for a terminal: replaces control characters, and characters that change the direction of
  /// writing, which can make a line look like a different one.
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

  /// Returns the system's error message if not everything was written.
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
