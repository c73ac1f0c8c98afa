import Platform

/// Comma-separated values as RFC 4180 defines them: records end in CR LF, and only a field with a comma, a quotation mark, a
/// CR or an LF is quoted. An absent value and an empty text are both an empty field; JSON tells them apart.
///
/// Made to be looked at, so no cell steers a terminal or a spreadsheet: such characters are escaped as `\u{1b}`, but for tabs
/// and the line ends LF and CR LF, and a cell that a spreadsheet would take for a formula begins with an apostrophe. JSON has
/// the very text.
public enum CSV {
  /// One record with its line end.
  public static func record(_ fields: [String?]) -> String {
    fields.map { field in field.map { quoted(guarded(escaped($0))) } ?? "" }.joined(separator: ",") + "\r\n"
  }

  private static func escaped(_ field: String) -> String {
    guard field.unicodeScalars.contains(where: \.steersOutput) else { return field }
    let lines = field.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.enumerated().map { index, bytes in
      let endsInCR = index + 1 < lines.count && bytes.last == UInt8(ascii: "\r")
      let line = String(decoding: endsInCR ? bytes.dropLast() : bytes, as: UTF8.self)
      return line.escapedForPeople(keeping: ["\t"]) + (endsInCR ? "\r" : "")
    }.joined(separator: "\n")
  }

  /// What begins like a formula: those that spreadsheets know, the same in full width, and what they skip before one. A
  /// number is none.
  private static func guarded(_ field: String) -> String {
    guard let first = field.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first), Int64(field) == nil
    else { return field }
    return "'" + field
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
