import Platform

/// How programs write a value into other text: what the redactor has to find, written a second time.
enum Writings {
  typealias Writing = (name: String, write: @Sendable (String) -> String)

  /// Those whose result may be written again by another one.
  static let escaping: [Writing] = [
    ("JSON", json { $0.value < 0x20 }), ("JSON in ASCII", json { $0.value < 0x20 || !$0.isASCII }),
    ("PHP's JSON", { json { $0.value < 0x20 || !$0.isASCII }($0).replacing("/", with: "\\/") }),
    ("Gson", json(uppercase: false) { $0.value < 0x20 || "<>&='".unicodeScalars.contains($0) }),
    ("Jackson", json(uppercase: true) { $0.value < 0x20 || !$0.isASCII || "+<>&'".unicodeScalars.contains($0) }),
    (
      "System.Text.Json",
      json(uppercase: true) { $0.value < 0x20 || !$0.isASCII || "\"+<>&'`".unicodeScalars.contains($0) }
    ),
    ("Go's %q", { $0.debugDescriptionOfGo }), ("Python's repr", json(hex: true) { !(0x20..<0x7F).contains($0.value) }),
    ("SQL and YAML", { $0.replacing("'", with: "''") }), ("CSV", { $0.replacing("\"", with: "\"\"") }),
    ("Compose", { $0.replacing("$", with: "$$") }), ("a format", { $0.replacing("%", with: "%%") }),
    ("HTML", html(quote: "&#39;")), ("HTML in hexadecimal", html(quote: "&#x27;")), ("XML", html(quote: "&apos;")),
    ("a URL's path", percent(keeping: "-._~/")), ("encodeURIComponent", percent(keeping: "-._~!*'()")),
    ("encodeURI", percent(keeping: "-._~!*'();/?:@&=+$,#")),
    ("in lower case", { percent(keeping: "-._~")($0).lowerDigits }),
    ("a form", { percent(keeping: "-._* ")($0).replacing(" ", with: "+") }),
    ("single quotes", { $0.replacing("'", with: #"'\''"#) }), ("dash's trace", { $0.replacing("'", with: #"'"'"'"#) }),
    (
      "double quotes",
      { text in
        text.map { #"\"$`"#.contains($0) ? "\\\($0)" : String($0) }.joined()
      }
    ),
    (
      "bash's %q",
      { text in
        text.unicodeScalars.map {
          !$0.isASCII || $0.properties.isAlphabetic || ("0"..."9").contains($0) ? String($0) : "\\\($0)"
        }
        .joined()
      }
    ),
    (
      "octal",
      { text in
        text.utf8.map { $0 < 0x80 ? String(Unicode.Scalar($0)) : "\\" + String($0, radix: 8) }.joined()
      }
    ),
    ("in no way", { $0 }),
  ]

  /// Those that change the value itself, before it is escaped.
  static let changing: [Writing] = [
    ("upper case", { $0.uppercased() }), ("lower case", { $0.lowercased() }),
    ("slashes", { $0.replacing("\\", with: "/") }), ("in no way", { $0 }),
  ]

  /// The bytes of UTF-8, taken for Latin-1 and written as UTF-8 again.
  static func mistakenForLatin1(_ text: String) -> String {
    String(String.UnicodeScalarView(text.utf8.map { Unicode.Scalar($0) }))
  }

  /// `nil` if the text has a character that Latin-1 lacks.
  static func latin1(_ text: String) -> [UInt8]? {
    let bytes = text.unicodeScalars.map { UInt8(exactly: $0.value) }
    return bytes.contains(nil) ? nil : bytes.compactMap { $0 }
  }

  private static func json(
    uppercase: Bool = false, hex: Bool = false, escapes: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> @Sendable (String) -> String {
    { text in
      text.unicodeScalars.map { scalar in
        switch scalar {
        case "\n": return "\\n"
        case "\t": return "\\t"
        case "\r": return "\\r"
        case "\\": return "\\\\"
        case _ where escapes(scalar):
          if hex, scalar.value <= 0xFF { return "\\x" + digits(scalar.value, 2) }
          return String(scalar).utf16.map { unit in
            let text = digits(UInt32(unit), 4)
            return "\\u" + (uppercase ? text.uppercased() : text)
          }.joined()
        case "\"": return "\\\""
        default: return String(scalar)
        }
      }.joined()
    }
  }

  private static func html(quote: String) -> @Sendable (String) -> String {
    { text in
      let pairs = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": quote]
      return text.unicodeScalars.map { pairs[String($0)] ?? String($0) }.joined()
    }
  }

  private static func percent(keeping kept: String) -> @Sendable (String) -> String {
    { text in
      text.utf8.map { byte in
        let scalar = Unicode.Scalar(byte)
        let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        return isKept || kept.unicodeScalars.contains(scalar)
          ? String(scalar) : "%" + digits(UInt32(byte), 2).uppercased()
      }.joined()
    }
  }

  fileprivate static func digits(_ value: UInt32, _ width: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(width - text.count, 0)) + text
  }
}

extension String {
  fileprivate var debugDescriptionOfGo: String {
    unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      case "\\", "\"": "\\\(scalar)"
      case _ where scalar.value < 0x20: "\\x" + Writings.digits(scalar.value, 2)
      case _ where scalar.value > 0xFFFF: "\\U" + Writings.digits(scalar.value, 8)
      default: String(scalar)
      }
    }.joined()
  }

  /// With the digits after each percent sign in lower case.
  fileprivate var lowerDigits: String {
    replacing(/%[0-9A-F]{2}/) { $0.output.lowercased() }
  }
}
