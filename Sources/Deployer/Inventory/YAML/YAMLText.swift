/// Writes scalars and lists in a way that every YAML parser reads the same.
enum YAMLText {
  /// Plain if that is unambiguous, otherwise in double quotes.
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : "\"\(text.unicodeScalars.map(escaped).joined())\""
  }

  static func list(_ texts: [String]) -> String { "[\(texts.map(scalar).joined(separator: ", "))]" }

  /// Words that some parsers do not read as text.
  private static let words: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  /// Whether `text` starts with a letter, `_` or `/` and has no character that is special in YAML.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, (first.isWord && !first.isDigit) || first == "/" else { return false }
    let isSimple = text.unicodeScalars.allSatisfy { $0.isWord || $0.isSeparator || $0 == "/" || $0 == "@" }
    return isSimple && !words.contains(text.lowercased())
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      let hex = String(scalar.value, radix: 16)
      return "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
    default: return String(scalar)
    }
  }
}
