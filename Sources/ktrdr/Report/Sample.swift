import Ledger
import Platform

/// Draws deployments by a seed, in a way that anybody can repeat. docs/figures.md describes it.
enum Sample {
  /// The longest seed, in characters.
  static let longestSeed = 100

  /// The numbers that are drawn, in the order of the draw: those with the smallest SHA-256 of `SEED,NUMBER`.
  static func draw(_ count: Int, from numbers: [Int64], seed: String) -> [Int64] {
    numbers.map { (hash: Digest.sha256(of: "\(seed),\($0)"), number: $0) }
      .sorted { $0.hash.lexicographicallyPrecedes($1.hash) }
      .prefix(max(0, count)).map(\.number)
  }

  /// Why a text cannot be a seed; `nil` if it can. It is printed, and typed again by somebody else.
  static func problem(withSeed seed: String) -> String? {
    guard !seed.isEmpty, seed.count <= longestSeed else { return "--seed must have 1 to \(longestSeed) characters" }
    let isPlain = !seed.unicodeScalars.contains(where: \.steersOutput)
    return isPlain ? nil : "--seed must not have control characters"
  }
}
