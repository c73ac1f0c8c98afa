/// One way in which programs escape a value to embed it in other text.
struct Escaping: Sendable {
  /// The escaped form of a character; `nil` leaves it unchanged.
  private let escape: @Sendable (Unicode.Scalar) -> String?

  func apply(to value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
      if let text = escape(scalar) { result += text.utf8 } else { result += scalar.utf8 }
    }
    return result
  }

  static let all = quoting + percents

  /// Strings in JSON, Go and shells.
  static let quoting: [Escaping] = [
    json { _ in false },
    json { $0 == "/" },
    // Go's JSON encoder also escapes characters that are special in HTML.
    json { ["<", ">", "&", "\u{2028}", "\u{2029}"].contains($0) },
    json { !$0.isASCII },
    json { !$0.isASCII || $0 == "/" },
    goQuoted { !$0.isASCII && !$0.isGraphic },
    goQuoted { !$0.isASCII },
    Escaping { $0 == "'" ? #"'\''"# : nil },
    Escaping { $0 == "'" ? #"'"'"'"# : nil },
    Escaping { #"\"$`"#.unicodeScalars.contains($0) ? #"\"# + String($0) : nil },
    // bash's `printf %q` and `set -x`.
    Escaping { !$0.isASCII || $0.isWord || "-./:=@%+,".unicodeScalars.contains($0) ? nil : #"\"# + String($0) },
    Escaping { #"\'"#.unicodeScalars.contains($0) ? #"\"# + String($0) : Self.letters[$0] },
  ]

  /// Percent-encoding in URLs: strict, like JavaScript's `encodeURIComponent`, and like the user info of a URL in Go.
  /// Each with upper- and lowercase digits, and with a space as `%20` and as `+`.
  static let percents: [Escaping] = ["-.~", "-.~!*'()", "-.~$&+,;="].flatMap { unescaped in
    [true, false].flatMap { upper in
      [true, false].map { plus in
        Escaping { scalar in
          if scalar == " ", plus { return "+" }
          if scalar.isWord || unescaped.unicodeScalars.contains(scalar) { return nil }
          return String(scalar).utf8.map { "%" + hex($0, upper: upper) }.joined()
        }
      }
    }
  }

  private static let letters: [Unicode.Scalar: String] = ["\n": #"\n"#, "\r": #"\r"#, "\t": #"\t"#]

  /// A JSON string. `also` selects characters that are escaped although JSON does not require it.
  private static func json(also: @escaping @Sendable (Unicode.Scalar) -> Bool) -> Escaping {
    Escaping { scalar in
      if let letter = letters[scalar] { return letter }
      switch scalar {
      case "\"", "\\": return #"\"# + String(scalar)
      case "\u{08}": return #"\b"#
      case "\u{0C}": return #"\f"#
      case "/" where also(scalar): return #"\/"#
      case _ where scalar.value < 0x20 || also(scalar):
        return String(scalar).utf16.map { #"\u"# + hex(UInt8($0 >> 8)) + hex(UInt8($0 & 0xFF)) }.joined()
      default: return nil
      }
    }
  }

  /// Go's `%q`. `hidden` selects characters that are escaped although Go does not require it.
  private static func goQuoted(_ hidden: @escaping @Sendable (Unicode.Scalar) -> Bool) -> Escaping {
    Escaping { scalar in
      if let letter = letters[scalar] { return letter }
      switch scalar {
      case "\"", "\\": return #"\"# + String(scalar)
      case "\u{07}": return #"\a"#
      case "\u{08}": return #"\b"#
      case "\u{0B}": return #"\v"#
      case "\u{0C}": return #"\f"#
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: return #"\x"# + hex(UInt8(scalar.value))
      case _ where hidden(scalar):
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xFFFF ? 8 : 4
        return (width == 8 ? #"\U"# : #"\u"#) + String(repeating: "0", count: width - digits.count) + digits
      default: return nil
      }
    }
  }

  private static func hex(_ byte: UInt8, upper: Bool = false) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: upper)
  }
}

extension Unicode.Scalar {
  /// Whether Go's `strconv.Quote` leaves it unescaped: letters, marks, numbers, punctuation and symbols.
  fileprivate var isGraphic: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator:
      false
    default: true
    }
  }
}
