import Platform

extension String {
  /// The text on one line, without escape sequences, and with every other character that steers a terminal escaped. For words
  /// of other programs that are recognised, shown or recorded.
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
        } else {
          kept.append(
            contentsOf: scalar.steersOutput ? scalar.escapedForPeople.unicodeScalars : String(scalar).unicodeScalars)
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
