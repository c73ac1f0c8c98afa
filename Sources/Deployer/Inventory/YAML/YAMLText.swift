/// Writes scalars and lists that every YAML reader understands in the same way.
enum YAMLText {
  /// Plain where nothing else can be meant by it, else in double quotes.
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : "\"\(text.unicodeScalars.map(escaped).joined())\""
  }

  static func list(_ texts: [String]) -> String { "[\(texts.map(scalar).joined(separator: ", "))]" }

  /// What some reader takes for something else than a text.
  private static let words: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  /// A word that begins with a letter, `_` or `/` and has no character that means something to YAML.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, (first.isWord && !first.isDigit) || first == "/" else { return false }
    let isSimple = text.unicodeScalars.allSatisfy { $0.isWord || $0.isJoint || $0 == "/" || $0 == "@" }
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
