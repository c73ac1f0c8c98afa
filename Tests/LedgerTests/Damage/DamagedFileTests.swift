import Foundation
import TestSupport
import Testing

@testable import Ledger

/// Asks every question of damaged copies of one ledger, and reports every case that went wrong. Returns how many answers
/// there were.
private func damage(
  _ sample: Sample, isExact: Bool = true, _ cases: [(name: String, bytes: [UInt8])]
) async throws -> Int {
  print("seed \(seed), \(cases.count) cases")
  let scratch = try Scratch()
  var given = 0
  for (name, bytes) in cases {
    let result = try await sample.ask(of: bytes, in: scratch, isExact: isExact)
    #expect(result.wrong == [], "\(name), seed \(seed)")
    given += result.given
  }
  return given
}

@Test func `the sample has every kind of page`() async throws {
  let sample = try await Sample.wide.value
  let kinds = (1..<sample.pages).map { sample.bytes[$0 * Sample.pageSize] }
  // Interior and leaf pages of indexes and tables; 0 begins an overflow page.
  for kind: UInt8 in [2, 5, 10, 13, 0] { #expect(kinds.contains(kind), "\(kind)") }
  #expect(sample.answers["export"]?.count ?? 0 > 300)
  #expect(sample.answers.values.allSatisfy { $0.count > 0 })
}

@Test func `a ledger that was cut off anywhere is damaged, and every command ends`() async throws {
  let sample = try await Sample.wide.value
  var random = SeededGenerator(seed: seed)
  let borders = (0..<sample.pages).map { $0 * Sample.pageSize }
  let all =
    borders + borders.map { $0 + Sample.pageSize / 2 } + (1...20).map { sample.bytes.count - $0 * 37 }
    + (0..<40).map { _ in Int.random(in: 1..<sample.bytes.count, using: &random) }
  let lengths = isThorough ? all : Array(all.shuffled(using: &random).prefix(all.count / 3))
  let given = try await damage(sample, lengths.map { ("the first \($0) bytes", Array(sample.bytes.prefix($0))) })
  #expect(given == 0, "a command answered although bytes are missing")
}

@Test func `a page of zeros, of flipped bits or of noise gives damage or the right answer`() async throws {
  let sample = try await Sample.wide.value
  var random = SeededGenerator(seed: seed)
  var cases: [(String, [UInt8])] = []
  for page in 0..<sample.pages {
    let range = page * Sample.pageSize..<(page + 1) * Sample.pageSize
    let noise = range.map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let kinds = [
      ("zeros", [UInt8](repeating: 0, count: Sample.pageSize)), ("flipped bits", sample.bytes[range].map { ~$0 }),
      ("noise", noise),
    ]
    for (name, bytes) in kinds {
      cases.append(("\(name) in page \(page + 1)", sample.bytes.replacing(range, with: bytes)))
    }
  }
  // One in nine, or all of them with THOROUGH=1.
  if !isThorough { cases = Array(cases.shuffled(using: &random).prefix(cases.count / 9)) }
  #expect(try await damage(sample, cases) > 0, "not a single command answered")
}

@Test func `with a misplaced page or a changed byte every command ends, and no export claims to be complete`()
  async throws
{
  let sample = try await Sample.wide.value
  var random = SeededGenerator(seed: seed)
  var cases: [(String, [UInt8])] = []
  for _ in 0..<(isThorough ? 500 : 15) {
    let from = Int.random(in: 1..<sample.pages, using: &random)
    let to = Int.random(in: 1..<sample.pages, using: &random)
    let page = Array(sample.bytes[from * Sample.pageSize..<(from + 1) * Sample.pageSize])
    let range = to * Sample.pageSize..<(to + 1) * Sample.pageSize
    cases.append(("page \(from + 1) as page \(to + 1)", sample.bytes.replacing(range, with: page)))
    let offset = Int.random(in: 0..<sample.bytes.count, using: &random)
    let byte = UInt8.random(in: 1 ... .max, using: &random) ^ sample.bytes[offset]
    cases.append(("byte \(offset) as \(byte)", sample.bytes.replacing(offset..<offset + 1, with: [byte])))
  }
  _ = try await damage(sample, isExact: false, cases)
}

@Test func `the independent verifier reports damage too`() async throws {
  let sample = try await Sample.wide.value
  let scratch = try Scratch()
  var random = SeededGenerator(seed: seed)
  func verify(_ bytes: [UInt8]) async throws -> (status: Int32, output: String) {
    try write(bytes, scratch.path)
    return try await run("python3", [root + "/docs/verify_ledger.py", scratch.path])
  }
  #expect(try await verify(sample.bytes).status == 0)
  for missing in [1, 100, Sample.pageSize / 2, Sample.pageSize, 3 * Sample.pageSize + 1] {
    let result = try await verify(Array(sample.bytes.dropLast(missing)))
    #expect(result.status == 65, "\(missing) bytes missing: \(result.output)")
  }
  for _ in 0..<(isThorough ? 100 : 4) {
    let to = Int.random(in: 1..<sample.pages, using: &random) * Sample.pageSize
    let from = Int.random(in: 1..<sample.pages, using: &random) * Sample.pageSize
    let page = Array(sample.bytes[from..<from + Sample.pageSize])
    let result = try await verify(sample.bytes.replacing(to..<to + Sample.pageSize, with: page))
    #expect(result.status == (from == to ? 0 : 65), "page at \(from) as page at \(to), seed \(seed): \(result.output)")
  }
}

@Test func `a deployment that an index has lost is damage, not an unknown number`() async throws {
  let scratch = try Scratch()
  for _ in 1...3 { try await scratch.open().record(.core()) }
  let index = try #require(Schema.indexes.first { $0.contains("started_deployment") })
  try await sqlite(
    scratch.path,
    """
    DROP INDEX started_deployment; \(index) AND deployment <> 2; PRAGMA writable_schema=ON;
    UPDATE sqlite_schema SET sql = '\(index.replacingOccurrences(of: "'", with: "''"))' WHERE name = 'started_deployment';
    """)
  let ledger = try await scratch.open()
  #expect(try await ledger.deployment(3)?.id == 3)
  #expect(try await ledger.deployment(4) == nil)
  await #expect(throws: LedgerError.damaged(path: scratch.path, reason: "deployment 2 is missing")) {
    try await ledger.deployment(2)
  }
}

extension [UInt8] {
  func replacing(_ range: Range<Int>, with bytes: [UInt8]) -> [UInt8] {
    var copy = self
    copy.replaceSubrange(range, with: bytes)
    return copy
  }
}
