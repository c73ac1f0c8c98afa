import Platform

/// Gives the same numbers for the same seed, so that a failure can be reproduced (SplitMix64, Steele et al., 2014).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  public mutating func bytes(_ count: ClosedRange<Int>, of alphabet: [UInt8]) -> [UInt8] {
    (0..<Int.random(in: count, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? 0 }
  }
}

/// Whether tests that damage, tamper and guess try everything, as in `make thorough`, or some of it.
public let isThorough = ProcessInfo.processInfo.environment["THOROUGH"] != nil

extension Array where Element == UInt8 {
  /// Whether `part` occurs, by comparing at every index.
  public func contains(sequence part: [UInt8]) -> Bool {
    guard !part.isEmpty, part.count <= count else { return false }
    return (0...(count - part.count)).contains { self[$0..<$0 + part.count].elementsEqual(part) }
  }
}
