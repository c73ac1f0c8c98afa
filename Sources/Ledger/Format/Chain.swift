/// The canonical encoding of events and the hash chain over it, as published in docs/ledger-format.md.
enum Chain {
  static let eventDomain = [UInt8]("ktrdr-ledger/event/v1\0".utf8)
  static let outputDomain = [UInt8]("ktrdr-ledger/output/v1\0".utf8)
  /// The previous hash of the first event.
  static let origin = [UInt8](repeating: 0, count: 32)

  /// Adds one column to a body: number (1 byte), type (1 byte: 1 integer, 2 text, 3 blob), length (4 bytes, big
  /// endian), bytes. An integer is 8 bytes of two's complement, big endian.
  static func encode(_ value: Value, column: Int, into body: inout [UInt8]) {
    switch value {
    case .integer(let number): encodeInteger(number, column: column, into: &body)
    case .text(let text):
      var copy = text
      copy.withUTF8 { encodeBytes(UnsafeRawBufferPointer($0), column: column, type: 2, into: &body) }
    case .blob(let blob):
      blob.withUnsafeBytes { encodeBytes($0, column: column, type: 3, into: &body) }
    }
  }

  static func encodeInteger(_ number: Int64, column: Int, into body: inout [UInt8]) {
    body.append(UInt8(truncatingIfNeeded: column))
    body.append(1)
    withUnsafeBytes(of: UInt32(8).bigEndian) { body.append(contentsOf: $0) }
    withUnsafeBytes(of: number.bigEndian) { body.append(contentsOf: $0) }
  }

  static func encodeBytes(_ bytes: UnsafeRawBufferPointer, column: Int, type: UInt8, into body: inout [UInt8]) {
    body.append(UInt8(truncatingIfNeeded: column))
    body.append(type)
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).bigEndian) { body.append(contentsOf: $0) }
    body.append(contentsOf: bytes)
  }

  /// The bytes before a body: domain, ledger id, previous hash.
  static func prefix(ledgerID: String, previous: [UInt8]) -> [UInt8] {
    eventDomain + Array(ledgerID.utf8) + previous
  }

  /// The digest of a step's output in the step's event.
  static func outputDigest(salt: [UInt8], text: String) -> [UInt8] {
    sha256(outputDomain + salt + Array(text.utf8))
  }
}

/// Lower-case hexadecimal; other text is read as `nil`.
enum Hex {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = [UInt8]("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func bytes(_ text: String) -> [UInt8]? {
    let nibbles = text.utf8.map { digit -> UInt8? in
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    guard nibbles.count.isMultiple(of: 2), !nibbles.contains(nil) else { return nil }
    let known = nibbles.compactMap { $0 }
    return stride(from: 0, to: known.count, by: 2).map { known[$0] << 4 | known[$0 + 1] }
  }
}
