import Foundation
import Testing

@testable import Ledger

private let composed = "caf\u{e9}"
private let decomposed = "cafe\u{301}"

@Test func `two services whose names only look the same are two services`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  try await ledger.record(.core([composed, decomposed]))
  #expect(try await sqlite(scratch.path, "SELECT count(*) FROM coverage") == "2")
  #expect(try await ledger.verify().problems == [])
  try await ledger.record(.core([decomposed]))
  #expect(try await ledger.history(HistoryFilter(service: composed)).map(\.id) == [1])
  #expect(try await run("python3", [root + "/docs/verify_ledger.py", scratch.path]).status == 0)
}

@Test func `a combining mark after a separator does not hide it`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  var start = DeploymentStart.core(["a", "\u{301}b"])
  start.host = "core.\u{301}x"
  start.secretVersions = [SecretVersion(item: "x@\u{301}", version: 2)]
  let id = try await ledger.begin(start).id
  let told = try #require(try await ledger.deployment(id))
  #expect(told.start.services.map { Array($0.utf8) } == [Array("a".utf8), Array("\u{301}b".utf8)])
  #expect(told.start.secretVersions == start.secretVersions)
  #expect(try await ledger.history(HistoryFilter(host: "core")).map(\.id) == [id])
  #expect(try await ledger.verify().problems == [])
  #expect(System.split("/state/\u{301}x") == ("/state", "\u{301}x"))
}

@Test func `what is not UTF-8 is not shown as something else`() async throws {
  let scratch = try Scratch()
  try await scratch.open().record(.core())
  try await sqlite(
    scratch.path,
    "DROP TRIGGER event_update; UPDATE event SET tag = CAST(x'61ff' AS TEXT) WHERE seq = 2; \(Schema.triggers[0]);")
  let ledger = try await scratch.open(.readOnly)
  await #expect(throws: LedgerError.damaged(path: scratch.path, reason: "a row has a text that is not valid")) {
    try await ledger.history()
  }
}

@Test func `a name with a line end cannot write a line into the lock file`() throws {
  let scratch = try Scratch()
  let lock = try TargetLock.acquire(target: "core", in: scratch.directory)
  lock.describer("ada\r\n99\r\n1970-01-01T00:00:00Z\r\n", 7, Date(timeIntervalSince1970: 1_700_000_000))
  let holder = LockHolder(String(decoding: try read(scratch.directory + "/lock-core"), as: UTF8.self))
  #expect(holder.operator == "ada991970-01-01T00:00:00Z")
  #expect(holder.deployment == 7)
  #expect(holder.since == "2023-11-14T22:13:20Z")
}

@Test func `an anchor's line is read by bytes`() throws {
  let head = Head(seq: 7, hash: String(repeating: "ab", count: 32), ledgerID: UUID().uuidString.lowercased())
  let line = Anchor(head: head, at: Date(timeIntervalSince1970: 1_700_000_000)).line
  #expect(Anchor(line: line) != nil)
  #expect(Anchor(line: line.replacing(" 7 ", with: " +7 ")) == nil)
  #expect(Anchor(line: line.replacing(head.ledgerID, with: head.ledgerID.uppercased())) == nil)
  #expect(Anchor(line: line.replacing(" ", with: "\u{2028}")) == nil)
}

@Test(arguments: [("", 0), ("a", 1), ("a,", 2), (",", 2), ("a,,b", 3), ("a,\u{301}b", 2), ("caf\u{e9},cafe\u{301}", 2)])
func `every comma separates two items`(_ text: String, _ count: Int) {
  #expect(StoredText.items(text).count == count)
}

@Test func `a text is valid if it is UTF-8, wherever the wrong byte is`() {
  for right in ["", "\0", "é", "\u{10ffff}"] {
    for before in 0..<20 {
      let bytes = [UInt8](repeating: 97, count: before) + Array(right.utf8) + [UInt8](repeating: 97, count: 20 - before)
      #expect(bytes.withUnsafeBytes(StoredText.isValid), "\(right) after \(before)")
    }
  }
  for wrong: [UInt8] in [[0xff], [0xc3], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]] {
    for before in 0..<20 {
      let bytes = [UInt8](repeating: 97, count: before) + wrong + [UInt8](repeating: 97, count: 20 - before)
      #expect(!bytes.withUnsafeBytes(StoredText.isValid), "\(wrong) after \(before)")
    }
  }
}
