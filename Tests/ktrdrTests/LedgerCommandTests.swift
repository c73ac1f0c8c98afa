import Foundation
import Ledger
import TestSupport
import Testing

@testable import ktrdr

@Suite struct LedgerCommandTests {
  private func someone() async throws -> Person {
    let person = try Person(standIns: ["ssh", "op"])
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    let start = DeploymentStart(
      kind: .deploy, target: "core", host: "h.example", services: ["backend"], operator: "ada", client: "test")
    let id = try await ledger.begin(start).id
    try await ledger.append(
      StepRecord(name: "pull", startedAt: Date(), durationMS: 1, outcome: .succeeded, output: "a token"), to: id)
    try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1))
    return person
  }

  private struct Report: Decodable {
    struct Head: Decodable {
      var seq: Int64
      var hash: String
    }
    struct Problem: Decodable {
      var seq: Int64?
      var what: String
    }
    struct Finding: Decodable {
      var target: String
      var seq: Int64?
      var verdict: String
    }
    var verdict: String
    var events, deployments: Int64
    var head: Head
    var problems: [Problem]
    var anchors: [Finding]
  }

  @Test func `verify in JSON has exactly the documented fields`() async throws {
    let person = try await someone()
    let result = try await person.ktrdr("ledger", "verify", "--format", "json")
    #expect(result.status == 0, "\(result.error)")
    let keys = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]).keys
    #expect(keys.sorted() == ["anchors", "deployments", "events", "head", "problems", "verdict"])
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.verdict == "proven" && report.events == 4 && report.deployments == 1 && report.head.seq == 4)
    #expect(report.problems.isEmpty && report.anchors.isEmpty)
  }

  @Test func `verify of a ledger that was tampered with names the event and exits 65`() async throws {
    let person = try await someone()
    try await person.sqlite("DROP TRIGGER event_update; UPDATE event SET operator='eve' WHERE seq=2")
    let table = try await person.ktrdr("ledger", "verify")
    #expect(table.status == 65)
    #expect(table.output.contains("problem at event 2: "))
    let json = try await person.ktrdr("ledger", "verify", "--format", "json")
    #expect(json.status == 65)
    let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
    #expect(report.verdict == "damaged" && report.problems.contains { $0.seq == 2 })
  }

  @Test func `verify starts after an anchor, and unreachable hosts leave doubt`() async throws {
    let person = try await someone()
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readOnly)
    let anchor = Anchor(head: try await ledger.head(), at: Date())
    let since = try await person.ktrdr("ledger", "verify", "--since", anchor.line)
    #expect(since.status == 0 && since.output.hasPrefix("proven: 0 events"))
    let wrong = Anchor(
      head: Head(seq: 3, hash: String(repeating: "0", count: 64), ledgerID: ledger.id), at: Date())
    #expect(try await person.ktrdr("ledger", "verify", "--since", wrong.line).status == 65)
    #expect(try await person.ktrdr("ledger", "verify", "--since", "nonsense").status == 64)
    let anchors = try await person.ktrdr("ledger", "verify", "--anchors", "--format", "json")
    #expect(anchors.status == 3)
    let report = try JSONDecoder().decode(Report.self, from: Data(anchors.output.utf8))
    #expect(report.verdict == "not proven")
    #expect(!report.anchors.isEmpty && report.anchors.allSatisfy { $0.verdict == "unreachable" && $0.seq == nil })
  }

  @Test func `export prints every event, purge removes output and records why, path prints the file`() async throws {
    let person = try await someone()
    let export = try await person.ktrdr("ledger", "export")
    #expect(export.status == 0 && export.output.split(separator: "\n").count == 4)
    #expect(export.output.contains("a token"))
    let csv = try await person.ktrdr("ledger", "export", "--format", "csv").output
    #expect(csv.hasPrefix("seq,type,at,"))
    #expect(csv.utf8.filter { $0 == 10 }.count == 5 && csv.utf8.filter { $0 == 13 }.count == 5)
    let full = try await person.run("/bin/sh", ["-c", "\"$0\" ledger export >/dev/full", KtrdrBinary.path])
    #expect(full.status == 1 && full.error.contains("could not be written"), "\(full.error)")
    #expect(try await person.ktrdr("ledger", "purge", "1", "1", "--reason", "it held a token").status == 0)
    #expect(try await person.ktrdr("ledger", "purge", "1", "1", "--reason", "again").status == 1)
    #expect(try await person.sqlite("SELECT reason FROM event WHERE type='purged'") == "it held a token\n")
    let shown = try await person.ktrdr("show", "1").output
    #expect(!shown.contains("| a token"))
    #expect(shown.contains(/\ {4}output purged [-0-9]{10} [:0-9]{8}Z: it held a token\n/), "\(shown)")
    #expect(try await person.ktrdr("ledger", "purge", "9", "up", "--reason", "x").error.contains("no deployment 9\n"))
    #expect(try await person.ktrdr("ledger", "verify").status == 0)
    #expect(try await person.ktrdr("ledger", "path").output == person.ledger + "\n")
  }

  @Test(arguments: ["verify", "export"])
  func `without a ledger the error says so`(_ command: String) async throws {
    let result = try await Person().ktrdr("ledger", command)
    #expect(result.status == 64)
    #expect(result.error.contains("no ledger at"))
  }

  @Test(arguments: [
    ("agrees", false), ("ahead", false), ("differs", false), ("replaced", true), ("missing", true),
    ("unreachable", true),
  ])
  func `a finding that neither proves nor contradicts leaves doubt`(_ verdict: String, _ doubt: Bool) {
    #expect(AnchorFinding(target: "core", seq: 1, verdict: verdict).leavesDoubt == doubt)
  }
}
