extension String {
  /// The text without what steers a terminal: control characters, escape sequences, and characters that change the
  /// direction of writing. For words of other programs that are shown or recorded.
  var printable: String {
    var kept = UnicodeScalarView()
    var sequence = EscapeSequence.none
    for scalar in unicodeScalars {
      switch sequence {
      case .none:
        if scalar == "\u{1B}" {
          sequence = .begun
        } else if scalar == "\t" {
          kept.append(" ")
        } else if !scalar.steersTerminal {
          kept.append(scalar)
        }
      case .begun:
        sequence = scalar == "[" ? .parameters : scalar == "]" ? .text : .none
      case .parameters:
        if ("@"..."~").contains(scalar) { sequence = .none }
      case .text:
        if scalar == "\u{07}" || scalar == "\u{9C}" { sequence = .none }
        if scalar == "\u{1B}" { sequence = .begun }
      }
    }
    return String(kept)
  }
}

/// Where in an escape sequence of ECMA-48 a character stands.
private enum EscapeSequence { case none, begun, parameters, text }

extension Unicode.Scalar {
  fileprivate var steersTerminal: Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value)
      || (0x2066...0x2069).contains(value)
  }
}
