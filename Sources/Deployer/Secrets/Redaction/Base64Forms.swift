import Platform

/// What of a value's base64 is the same whatever stands before and behind it.
enum Base64Forms {
  /// Base64 and base64url at the three alignments, the characters cut that depend on what stands beside the value; and
  /// its rows where a program breaks them, after 76 characters (MIME) or 64 (PEM).
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

  /// The base64 of a value that stands alone.
  static func whole(_ value: [UInt8]) -> [UInt8] { Array(Data(value).base64EncodedString().utf8) }

  private static func urlSafe(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "+"): UInt8(ascii: "-")
    case UInt8(ascii: "/"): UInt8(ascii: "_")
    default: byte
    }
  }
}
