import Platform

/// The one place that knows how ktrdr writes JSON: snake_case names, absent values as `null`, no escaped slashes, an
/// empty list as `[]`.
enum JSONText {
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    // The encoder puts an empty line between the brackets. Inside of strings a line's end is escaped, so none is touched.
    return text.replacing(/\[\n\n *\]/, with: "[]")
  }
}

/// A value that is written as `null` where it is absent, instead of being left out.
struct Nullable<Value: Encodable>: Encodable {
  var value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension Date {
  /// RFC 3339 in UTC with milliseconds. The format cuts off, and most milliseconds have no exact binary form: a tenth of
  /// one is added, so that a recorded 999 does not become 998.
  var rfc3339: String {
    addingTimeInterval(0.000_1).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
