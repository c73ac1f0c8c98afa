import Foundation
import Ledger
import Testing

/// The queries in the document.
private func queries() throws -> [String] {
  let text = try String(contentsOfFile: root + "/docs/ledger-format.md", encoding: .utf8)
  let block = text.components(separatedBy: "```sql\n")[1].components(separatedBy: "```")[0]
  return block.components(separatedBy: ";\n").filter { $0.contains("SELECT") }
}

@Test func `the auditor's queries return what the document says`() async throws {
  let scratch = try Scratch()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: Clock().now)
  try await ledger.record(.core(["backend"], tag: "sha-1111111"))
  let recent = try await scratch.open()
  try await recent.record(.core(["backend"], tag: "sha-2222222", operator: "grace"), .failed)
  var start = DeploymentStart.core(["db"])
  start.secretVersions = [SecretVersion(item: "x", version: 1), SecretVersion(item: "abc123", version: 7)]
  let id = try await recent.begin(start).id
  try await recent.append(
    StepRecord(name: "up", startedAt: Date(), durationMS: 1, outcome: .succeeded, output: "secret"), to: id)
  try await recent.purge(step: 1, of: id, reason: "it held a token")

  var answers: [String] = []
  for query in try queries() {
    answers.append(try await sqlite(scratch.path, query.replacingOccurrences(of: "2026-11-01", with: "2023-12-01")))
  }
  #expect(answers.count == 5)
  #expect(answers[0].hasPrefix("backend|repo:sha-1111111||1|ada@example.org|2023-11-14"))
  #expect(answers[1].hasPrefix("grace|2|sha-2222222|failed|"))
  #expect(answers[2].hasPrefix("2|core|sha-2222222|grace|"))
  #expect(answers[3].hasPrefix("3|core|ada@example.org|"))
  #expect(answers[4].hasSuffix("|it held a token"))
}

@Test func `the views show steps, images and a running deployment`() async throws {
  let scratch = try Scratch()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: Clock().now)
  try await ledger.record(.core())
  _ = try await ledger.begin(.core())
  #expect(
    try await sqlite(scratch.path, "SELECT outcome, started_at FROM deployment ORDER BY id") == """
      succeeded|2023-11-14T22:13:20.000Z
      running|2023-11-14T22:13:20.000Z
      """)
  #expect(try await sqlite(scratch.path, "SELECT deployment, name, outcome FROM step") == "1|pull|succeeded")
  #expect(try await sqlite(scratch.path, "SELECT service, after_id FROM image") == "backend|sha256:sha-a1b2c3d")
}
