/// What the format says about texts. Everything here compares bytes: Swift's equality of strings and characters also holds
/// between different bytes, such as the two forms of é, and a combining mark after a comma hides the comma.
enum StoredText {
  /// True if the bytes are valid UTF-8. Most texts are ASCII, which needs no decoder.
  static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    while offset + 8 <= bytes.count {
      guard bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else {
        return String(validating: bytes, as: UTF8.self) != nil
      }
      offset += 8
    }
    guard bytes[offset...].allSatisfy({ $0 < 0x80 }) else { return String(validating: bytes, as: UTF8.self) != nil }
    return true
  }

  /// The items of a list: an empty text has none, and every comma separates two items. So `a,` has two, the second of
  /// which is empty.
  static func items(_ text: some StringProtocol) -> [[UInt8]] {
    guard !text.isEmpty else { return [] }
    return Array(text.utf8).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { Array($0) }
  }

  /// The items of a list, without those that are there already.
  static func distinctItems(_ text: String) -> [String] {
    var seen: Set<[UInt8]> = []
    return items(text).filter { seen.insert($0).inserted }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Splits `item@version` at its last `@`; `nil` if the version is not a number of 1 to 18 digits or the item is empty.
  static func secretVersion(_ item: [UInt8]) -> (item: String, version: Int)? {
    guard let at = item.lastIndex(of: UInt8(ascii: "@")), at > 0 else { return nil }
    let digits = item[(at + 1)...]
    guard (1...18).contains(digits.count), digits.allSatisfy(isDigit),
      let version = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    return (String(decoding: item[..<at], as: UTF8.self), version)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension UInt128 {
  /// Reads a UUID: 36 bytes, hexadecimal digits in lower case and hyphens after 8, 12, 16 and 20 of them.
  init?(uuid text: some Collection<UInt8>) {
    guard text.count == 36 else { return nil }
    var value: UInt128 = 0
    for (position, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where [8, 13, 18, 23].contains(position): continue
      case _ where [8, 13, 18, 23].contains(position): return nil
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt128(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt128(byte - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    self = value
  }
}

extension RawRepresentable where RawValue == String {
  /// The word that is stored with exactly these bytes.
  init?(stored bytes: some Collection<UInt8>) {
    guard let word = Self(rawValue: String(decoding: bytes, as: UTF8.self)), word.rawValue.utf8.elementsEqual(bytes)
    else { return nil }
    self = word
  }
}
