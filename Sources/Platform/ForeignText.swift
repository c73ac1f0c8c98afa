// How text that somebody else wrote is cut into lines and shown. The only place that says which characters may not pass.

extension Unicode.Scalar {
  /// Whether the character could make a text look like another one, or steer a terminal: controls, marks that change the
  /// direction of writing, other marks that nobody sees, and what separates lines. The two joiners are none of these: Persian
  /// and emoji need them.
  ///
  /// ktrdr refuses such characters in what it records of itself, and escapes them in what others wrote.
  public var steersOutput: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    case .format: return value != 0x200C && value != 0x200D
    default: return false
    }
  }

  /// `\u{1b}`.
  public var escapedForPeople: String { "\\u{\(String(value, radix: 16))}" }

  /// `\u001b`, as JSON has it.
  public var escapedForJSON: String {
    String(self).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}

extension String {
  /// The lines, cut at each LF byte; a CR before it belongs to the line's end. Swift takes CR LF for one character, so a cut
  /// at characters would leave it inside a line.
  public var byteLines: [String] {
    utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
  }

  /// The text on one line, with ``Swift/Unicode/Scalar/steersOutput`` characters escaped, but for `kept`.
  public func escapedForPeople(keeping kept: Set<Unicode.Scalar> = []) -> String {
    // To find the characters of other text takes time, and nearly all is of this kind.
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
    guard unicodeScalars.contains(where: { $0.steersOutput && !kept.contains($0) }) else { return self }
    return unicodeScalars.map { $0.steersOutput && !kept.contains($0) ? $0.escapedForPeople : String($0) }.joined()
  }
}
