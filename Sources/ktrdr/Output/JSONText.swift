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
  /// RFC 3339 in UTC with milliseconds. A tenth of a millisecond is added, because most milliseconds have no exact binary
  /// representation, and of a recorded 999 only 998 would be left. By libc, which needs no calendar to be made first.
  var rfc3339: String {
    let (seconds, milliseconds) = Int64(((timeIntervalSince1970 + 0.000_1) * 1000).rounded(.down)).floored(by: 1000)
    var moment = time_t(seconds)
    var parts = tm()
    gmtime_r(&moment, &parts)
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let day = [digits(parts.tm_year + 1900, 4), digits(parts.tm_mon + 1, 2), digits(parts.tm_mday, 2)]
    let time = [digits(parts.tm_hour, 2), digits(parts.tm_min, 2), digits(parts.tm_sec, 2)]
    return "\(day.joined(separator: "-"))T\(time.joined(separator: ":")).\(digits(Int32(milliseconds), 3))Z"
  }
}

extension Int64 {
  /// The quotient towards the past, and what is left over.
  fileprivate func floored(by divisor: Int64) -> (Int64, Int64) {
    let rest = (self % divisor + divisor) % divisor
    return ((self - rest) / divisor, rest)
  }
}
