/// A version 7 UUID (RFC 9562, section 5.7). It contains the time of its event, so the index of times finds it and it needs
/// no index of its own.
enum TimeOrderedID {
  /// The milliseconds since 1970 in UTC, followed by 74 random bits; lower case.
  static func new(at milliseconds: Int64) -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * Int64(index))) }
    bytes[6] = 0x70 | (bytes[6] & 0x0F)
    bytes[8] = 0x80 | (bytes[8] & 0x3F)
    let digits = Array(Hex.text(bytes))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
  }

  /// The milliseconds in `id`; `nil` if it is not such an id.
  static func milliseconds(of id: String) -> Int64? {
    let digits = id.utf8.filter { $0 != UInt8(ascii: "-") }
    guard digits.count == 32, digits[12] == UInt8(ascii: "7") else { return nil }
    return Int64(String(decoding: digits.prefix(12), as: UTF8.self), radix: 16)
  }
}
