import Foundation
import Ledger

/// Flips bytes of a small ledger, one at a time, and looks whether each is noticed: opening or `verify` refuses it, or what
/// the ledger says is what it said before. The file is as it was when this ends.
@main
struct Flipper {
  let path: String
  let original: [UInt8]
  let content: [String]

  static func main() async throws {
    let words = CommandLine.arguments
    guard words.count == 4, let first = Int(words[2]), let stride = Int(words[3]), first >= 0, stride > 0 else {
      print("usage: ledger-flipper LEDGER FIRST-OFFSET STRIDE")
      exit(64)
    }
    let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: words[1])))
    guard let content = try await verified(words[1]) else {
      print("the ledger is damaged before any byte was flipped")
      exit(65)
    }
    exit(try await Flipper(path: words[1], original: original, content: content).run(from: first, by: stride) ? 0 : 1)
  }

  /// Prints what came of it. `false` where a changed content went unnoticed.
  private func run(from first: Int, by step: Int) async throws -> Bool {
    var (refused, identical, missed) = (0, 0, [Int]())
    for offset in stride(from: first, to: original.count, by: step) {
      for mask: UInt8 in [0xff, 1 << UInt8(offset % 8)] {
        try put(original[offset] ^ mask, at: offset)
        switch (try? await Self.verified(path)) ?? nil {
        case nil: refused += 1
        case content: identical += 1
        default: missed.append(offset)
        }
        try put(original[offset], at: offset)
      }
    }
    let isRestored = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == original
    print("\(refused) refused, \(identical) without effect, \(missed.count) unnoticed")
    for offset in missed.prefix(10) { print("unnoticed: byte \(offset)") }
    if !isRestored { print("reading changed the file") }
    return missed.isEmpty && isRestored
  }

  /// No connection is open here: closing another descriptor would drop its locks.
  private func put(_ byte: UInt8, at offset: Int) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: [byte])
  }

  /// Everything that the ledger says; `nil` where `verify` finds it damaged.
  private static func verified(_ path: String) async throws -> [String]? {
    let ledger = try await DeploymentLedger.open(path: path, access: .readOnly)
    guard try await ledger.verify().verdict == .proven else { return nil }
    return try await ledger.told()
  }
}

extension DeploymentLedger {
  fileprivate func told() throws -> [String] {
    var lines: [String] = []
    try export(.ndjson) { lines.append($0) }
    for deployment in try history(HistoryFilter(limit: 1000)) {
      lines.append("\(deployment) \(try steps(of: deployment.id)) \(try images(of: deployment.id))")
    }
    return lines + [try inFlight().map { "\($0.id)" }.joined(separator: ",")]
  }
}
