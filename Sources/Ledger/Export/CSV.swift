/// Comma-separated values as RFC 4180 defines them: records end in CR LF, and only a field with a comma, a quotation mark, a
/// CR or an LF is quoted. An absent value and an empty text are both an empty field; JSON tells them apart.
public enum CSV {
  /// One record with its line end.
  public static func record(_ fields: [String?]) -> String {
    fields.map { field in field.map(quoted) ?? "" }.joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: isSpecial) else { return field }
    // Scalar by scalar: a quotation mark with a combining mark is a character of its own.
    let doubled = field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }
}
