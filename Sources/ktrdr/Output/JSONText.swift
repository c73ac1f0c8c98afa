import Platform

/// Encodes JSON: snake_case names, absent values as `null`, unescaped slashes, an empty list as `[]`, and every character
/// that steers a terminal escaped.
enum JSONText {
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    // The encoder writes an empty line between the brackets. Newlines in strings are escaped, so no string matches.
    let compact = text.replacing(/\[\n\n *\]/, with: "[]")
    // Outside of strings there is no character that steers a terminal but the newline, which the encoder escapes in them.
    return compact.unicodeScalars.contains { $0.steersOutput && $0 != "\n" }
      ? compact.unicodeScalars.map { $0.steersOutput && $0 != "\n" ? $0.escapedForJSON : String($0) }.joined() : compact
  }
}

/// An optional value that is encoded as `null` instead of being left out.
struct Nullable<Value: Encodable>: Encodable {
  var value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension Date {
  /// RFC 3339 in UTC with milliseconds. Adds a tenth of a millisecond, because the format truncates and most milliseconds
  /// have no exact binary representation: a recorded 999 would become 998.
  var rfc3339: String {
    addingTimeInterval(0.000_1).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
