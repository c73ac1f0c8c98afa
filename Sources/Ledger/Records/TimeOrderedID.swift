/// A version 7 UUID (RFC 9562, section 5.7): ids made one after the other stand side by side in an index, which keeps
/// the index small and appends cheap.
enum TimeOrderedID {
  /// `milliseconds` since 1970 in UTC, 74 random bits behind them; lower case.
  static func new(at milliseconds: Int64) -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * Int64(index))) }
    bytes[6] = 0x70 | (bytes[6] & 0x0F)
    bytes[8] = 0x80 | (bytes[8] & 0x3F)
    let digits = Array(Hex.text(bytes))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
  }
}
