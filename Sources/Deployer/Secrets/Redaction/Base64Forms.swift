import Platform

/// The parts of a value's base64 encoding that do not depend on the surrounding text.
enum Base64Forms {
  /// Base64 and base64url at all three alignments, without the characters that depend on neighbouring bytes. Also the
  /// lines of wrapped base64, with 76 characters (MIME) or 64 (PEM).
  static func of(_ value: [UInt8]) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for lead in 0..<3 {
      let text = Array(Data([UInt8](repeating: 0, count: lead) + value).base64EncodedString().utf8)
      let start = lead == 0 ? 0 : lead + 1
      let end = (lead + value.count) * 8 / 6
      guard end > start else { continue }
      let certain = Array(text[start..<end])
      forms.append(certain)
      guard lead == 0 else { continue }
      for width in [64, 76] where certain.count > width {
        for row in stride(from: 0, to: certain.count, by: width) {
          forms.append(Array(certain[row..<min(row + width, certain.count)]))
        }
      }
    }
    return forms + forms.map { $0.map(urlSafe) }
  }

  /// The base64 of the value alone, with padding.
  static func whole(_ value: [UInt8]) -> [UInt8] { Array(Data(value).base64EncodedString().utf8) }

  private static func urlSafe(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "+"): UInt8(ascii: "-")
    case UInt8(ascii: "/"): UInt8(ascii: "_")
    default: byte
    }
  }
}
