/// 128 random bits that mark the lines of one connection as the script's own: a container's output cannot forge them.
public struct Nonce: Sendable, Hashable, CustomStringConvertible {
  /// 32 hexadecimal digits.
  public let description: String

  /// A new one from the system's random numbers.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

  init(using generator: inout some RandomNumberGenerator) {
    let digits = [generator.next(), generator.next()].map { (word: UInt64) in
      let hex = String(word, radix: 16)
      return String(repeating: "0", count: 16 - hex.count) + hex
    }
    description = digits.joined()
  }
}
