import Foundation
import Ledger
import Testing

/// A change by someone who can write the file, after which the chain is still valid, and what anchors show then.
struct Rewriting: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// `nil` restores a copy from after the first deployment.
  var sql: String?
  var verdicts: [AnchorVerdict]
  var words: String

  static let all = [
    Rewriting(
      testDescription: "a cut tail",
      sql: "DELETE FROM event WHERE deployment = 3; DELETE FROM coverage WHERE deployment = 3",
      verdicts: [.agrees, .agrees, .ahead], words: "was rolled back, or its end was removed"),
    Rewriting(
      testDescription: "a restored old copy", sql: nil, verdicts: [.agrees, .ahead, .ahead],
      words: "was rolled back, or its end was removed"),
    Rewriting(
      testDescription: "a recomputed chain",
      sql: "UPDATE event SET operator = 'eve' WHERE type = 'started' AND deployment = 2",
      verdicts: [.agrees, .differs, .differs], words: "the first event that differs is one of 6 to 9"),
    Rewriting(
      testDescription: "a chain recomputed from its start", sql: "UPDATE event SET at = 1 WHERE seq = 1",
      verdicts: [.differs, .differs, .differs],
      words: "no earlier event is known to agree: the first event that differs is one of 1 to 5"),
  ]
}

@Test(arguments: Rewriting.all)
func `anchors show what the chain alone cannot`(_ rewriting: Rewriting) async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  var anchors: [(target: String, anchor: Anchor)] = []
  var old: [UInt8] = []
  for number in 1...3 {
    try await ledger.record(.core())
    anchors.append(("core", Anchor(head: try await ledger.head(), at: Date(timeIntervalSince1970: 1_700_000_000))))
    if number == 1 { old = try read(scratch.path) }
  }
  #expect(anchors.map(\.anchor.head.seq) == [5, 9, 13])
  if let sql = rewriting.sql {
    let result = try await run("python3", [root + "/Tests/LedgerTests/rewrite.py", scratch.path, sql])
    #expect(result.status == 0, "\(result.output)")
  } else {
    try write(old, scratch.path)
  }
  let reader = try await scratch.open(.readOnly)
  #expect(try await reader.verify().problems == [], "without anchors nothing looks wrong")
  let independent = [root + "/docs/verify_ledger.py", scratch.path]
  #expect(try await run("python3", independent).status == 0)
  let witnesses = try await reader.compare(anchors)
  #expect(witnesses.map(\.verdict) == rewriting.verdicts)
  let problem = try #require(AnchorWitness.contradiction(among: witnesses))
  #expect(problem.what.contains(rewriting.words), "\(problem.what)")
  for (anchor, verdict) in zip(anchors, rewriting.verdicts) {
    let status = try await run("python3", independent + ["--anchor", anchor.anchor.line]).status
    #expect(status == (verdict == .agrees ? 0 : 3))
  }
}

private func witness(_ seq: Int64, _ verdict: AnchorVerdict) -> AnchorWitness {
  let head = Head(seq: seq, hash: String(repeating: "a", count: 64), ledgerID: UUID().uuidString)
  return AnchorWitness(
    target: "core", anchor: Anchor(head: head, at: Date(timeIntervalSince1970: 1_700_000_000)), verdict: verdict)
}

@Test(
  arguments: [
    ([witness(5, .agrees), witness(6, .differs)], 6, "the first event that differs: event 6"),
    ([witness(9, .differs), witness(5, .agrees), witness(7, .differs)], 6, "one of 6 to 7"),
    ([witness(5, .differs), witness(9, .agrees)], 5, "event 9 agrees: the line on that host was changed"),
    ([witness(5, .agrees), witness(9, .ahead)], nil, "event 9 as the host of core saw it at 2023-11-14T22:13:20Z"),
  ] as [([AnchorWitness], Int64?, String)])
func `anchors narrow down the first event that differs`(
  _ witnesses: [AnchorWitness], _ seq: Int64?, _ words: String
) throws {
  let problem = try #require(AnchorWitness.contradiction(among: witnesses))
  #expect(problem.seq == seq)
  #expect(problem.what.contains(words), "\(problem.what)")
}

@Test func `heads that agree or belong to another ledger do not contradict the ledger`() {
  #expect(AnchorWitness.contradiction(among: []) == nil)
  #expect(AnchorWitness.contradiction(among: [witness(5, .agrees), witness(9, .replaced)]) == nil)
}

@Test func `verify reports which targets have the head of the ledger`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.record(.core())
  let head = try await ledger.head()
  #expect(try await ledger.verify().anchoredTargets == [])
  try await ledger.appendAnchored(deployment: id, target: "core", head: head)
  let report = try await ledger.verify()
  #expect(report.problems == [])
  #expect(report.anchoredTargets == ["core"])
  #expect(try await run("python3", [root + "/docs/verify_ledger.py", scratch.path]).status == 0)
}
