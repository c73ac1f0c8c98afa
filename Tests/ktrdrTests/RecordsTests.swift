import Foundation
import Ledger
import TestSupport
import Testing

/// The lock of a running deployment on this machine, held until this is released.
final class HeldLock: Sendable {
  private let lock: TargetLock

  init(target: String, directory: String) throws { lock = try TargetLock.acquire(target: target, in: directory) }
}

/// What `history` and `show` print for a ledger with known contents.
struct RecordsTests {
  /// A ledger with five deployments, one a day from 2026-11-01: 1 and 2 of core, 3 a rollback that undoes 2, 4 and 5 a
  /// batch of the workers. Deployment 5 is still running: its target's lock is held.
  private func someone() async throws -> Person {
    var person = try Person()
    let ada = "ada@example.org"
    let rows: [(DeploymentStart, Outcome?)] = [
      (start("core", ["backend", "db"], "sha-aaaaaaa", ada), .succeeded),
      (start("core", ["backend"], "sha-bbbbbbb", "bob"), .failed),
      (start("core", ["backend"], "sha-aaaaaaa", ada, undoes: 2), .succeeded),
      (start("workers-b", ["training"], "sha-bbbbbbb", ada, batch: "b1"), .cancelled),
      (start("workers-c", ["training"], "sha-bbbbbbb", ada, batch: "b1"), nil),
    ]
    for (day, row) in rows.enumerated() {
      let at = Date(timeIntervalSince1970: 1_793_491_200 + Double(day) * 86_400)
      let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite, now: { at })
      let id = try await ledger.begin(row.0).id
      let step = StepRecord(
        name: "pull", startedAt: at, durationMS: 1500, exitStatus: 0, outcome: .succeeded, output: "ok")
      try await ledger.append(step, to: id)
      let after = ImageIdentity(reference: "r/b:sha-bbbbbbb", id: "sha256:bb", digest: "r/b@sha256:dd")
      try await ledger.append(ImageRecord(service: row.0.services[0], before: nil, after: after), to: id)
      guard let outcome = row.1 else { continue }
      let reason = outcome == .failed ? "backend said \"no, never\"\nand stopped" : nil
      try await ledger.finish(id, Finish(outcome: outcome, reason: reason, durationMS: 2345))
    }
    person.heldLock = try HeldLock(target: "workers-c", directory: "\(person.home.path)/state")
    return person
  }

  private func start(
    _ target: String, _ services: [String], _ tag: String, _ who: String, undoes: Int64? = nil, batch: String? = nil
  ) -> DeploymentStart {
    DeploymentStart(
      batch: batch, kind: undoes == nil ? .deploy : .rollback, target: target, host: "\(target).example.org",
      services: services, tag: tag, gitSHA: String(repeating: "a", count: 40), operator: who, client: "ktrdr/1 desk",
      undoes: undoes, secretVersions: [SecretVersion(item: "item-id", version: 7)])
  }

  @Test func `last is the newest deployment, and diff of one compares it with the one before`() async throws {
    let person = try await someone()
    #expect(try await person.ktrdr("show", "last").output.hasPrefix("deployment 5  ("))
    for (words, head) in [
      (["3"], ["deployment 2 (core,", "-> deployment 3 (core,"]),
      (["2", "last"], ["deployment 2 (", "-> deployment 5 ("]),
    ] {
      let output = try await person.ktrdr(words: ["diff"] + words).output
      #expect(output.hasPrefix(head[0]) && output.contains(head[1]), "\(output)")
    }
    let deployed = try await person.ktrdr("diff", "1", "3").output
    #expect(deployed.contains("\n  deployed     backend, db -> backend\n"), "\(deployed)")
    let first = try await person.ktrdr("diff", "last")
    #expect(first.status == 64)
    #expect(first.error.contains("deployment 5 is the first of workers-c\n  next: name the one"), "\(first.error)")
  }

  @Test(arguments: [
    ([], ["5", "4", "3", "2", "1"]), (["--target", "core"], ["3", "2", "1"]), (["--target", "cor"], []),
    (["--host", "workers-b"], ["4"]), (["--host", "workers-c.example.org"], ["5"]),
    (["--host", "core"], ["3", "2", "1"]),
    (["--service", "db"], ["1"]), (["--service", "training"], ["5", "4"]), (["--tag", "sha-aaaaaaa"], ["3", "1"]),
    (["--operator", "bob"], ["2"]), (["--outcome", "succeeded"], ["3", "1"]), (["--outcome", "running"], ["5"]),
    (["--outcome", "cancelled"], ["4"]), (["--outcome", "unknown"], []), (["--kind", "rollback"], ["3"]),
    (["--kind", "deploy"], ["5", "4", "2", "1"]), (["--batch", "b1"], ["5", "4"]),
    (["--since", "2026-11-04"], ["5", "4"]), (["--until", "2026-11-02"], ["2", "1"]),
    (["--since", "2026-11-02", "--until", "2026-11-03T23:00:00Z"], ["3", "2"]), (["--limit", "2"], ["5", "4"]),
    (["--target", "core", "--outcome", "succeeded", "--operator", "ada@example.org", "--limit", "1"], ["3"]),
  ])
  func `history lists the deployments that match each filter, newest first`(filter: [String], ids: [String])
    async throws
  {
    let person = try await someone()
    let csv = try await person.ktrdr(words: ["history", "--format", "csv"] + filter)
    #expect(csv.status == 0, "\(csv.error)")
    // The reason of deployment 2 has two lines. Only the first line of a record starts with a number.
    let lines = csv.output.split(whereSeparator: \.isNewline).dropFirst().filter { $0.first?.isNumber == true }
    #expect(lines.map { String($0.prefix { $0 != "," }) } == ids)
    let json = try await person.ktrdr(words: ["history", "--format", "json"] + filter)
    let records = try JSONDecoder().decode([Record].self, from: Data(json.output.utf8))
    #expect(records.map { "\($0.id)" } == ids)
    let table = try await person.ktrdr(words: ["history"] + filter)
    #expect(table.output.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "\t" }) } == ids)
  }

  @Test func `history in JSON has every name, with null for absent values`() async throws {
    let output = try await someone().ktrdr("history", "--format", "json", "--limit", "1").output
    let objects = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
    let newest = try #require(objects.first)
    #expect(
      Set(newest.keys) == [
        "id", "uuid", "batch", "kind", "target", "host", "services", "profiles", "tag", "git_sha", "git_dirty",
        "operator", "client", "started_at", "finished_at", "duration_ms", "outcome", "reason", "undoes",
      ])
    #expect(newest["started_at"] as? String == "2026-11-05T00:00:00.000Z")
    for absent in ["finished_at", "duration_ms", "outcome", "reason", "undoes", "git_dirty"] {
      #expect(newest[absent] is NSNull, "\(absent)")
    }
  }

  @Test func `history in CSV quotes fields with commas, quotes or line breaks`() async throws {
    let output = try await someone().ktrdr("history", "--format", "csv", "--operator", "bob").output
    #expect(output.contains(#","backend said ""no, never"""# + "\nand stopped\","))
    #expect(output.hasPrefix("id,uuid,batch,kind,target,host,services,"))
    #expect(output.utf8.filter { $0 == 13 }.count == 2 && output.hasSuffix("\r\n"), "a header and a record")
  }

  @Test func `an empty history is an empty list in JSON, a header in CSV, and a message otherwise`() async throws {
    let person = try Person()
    #expect(try await person.ktrdr("history", "--format", "json").output == "[]\n")
    #expect(try await person.ktrdr("history", "--format", "csv").output.split(separator: "\r\n").count == 1)
    let table = try await person.ktrdr("history")
    #expect(table.output.isEmpty)
    #expect(table.error.contains("no matching deployments"))
    #expect(!FileManager.default.fileExists(atPath: person.ledger), "history created a ledger")
  }

  @Test func `show prints the steps, images, secrets and the reason`() async throws {
    let person = try await someone()
    let text = try await person.ktrdr("show", "2").output
    for words in [
      "deployment 2", "core on core.example.org", "outcome    failed", "backend said \"no, never\"",
      "item item-id, version 7", "pull     succeeded  1.5s", "after   r/b:sha-bbbbbbb  r/b@sha256:dd", "before  -",
    ] { #expect(text.contains(words), "\(words) in \(text)") }
    #expect(try await person.ktrdr("show", "3").output.contains("undoes     deployment 2"))
    #expect(try await person.ktrdr("show", "5").output.contains("outcome    running"))
  }

  @Test func `show finds a deployment by number or UUID, and its JSON includes steps and images`() async throws {
    let person = try await someone()
    let shown = try await person.ktrdr("show", "2", "--format", "json")
    let first = try JSONDecoder().decode(Record.self, from: Data(shown.output.utf8))
    #expect(first.steps?.map(\.name) == ["pull"])
    #expect(first.steps?.first?.output == "ok")
    #expect(first.images?.first?.service == "backend")
    #expect(first.images?.first?.before == nil)
    #expect(first.images?.first?.after?.digest == "r/b@sha256:dd")
    let again = try await person.ktrdr("show", first.uuid, "--format", "json")
    #expect(try JSONDecoder().decode(Record.self, from: Data(again.output.utf8)).id == 2)
  }

  @Test(arguments: ["6", "0", "-1", "no-such-uuid"])
  func `an unknown deployment is a usage error that says how to list them`(id: String) async throws {
    let result = try await someone().ktrdr(words: ["show", "--", id])
    #expect(result.status == 64)
    #expect(result.error.contains("list them with 'ktrdr history'"))
  }

  private struct Record: Decodable {
    struct Image: Decodable { var digest: String? }
    struct ImageChange: Decodable {
      var service: String
      var before: Image?
      var after: Image?
    }
    struct Step: Decodable {
      var name: String
      var output: String?
    }
    var id: Int
    var uuid: String
    var steps: [Step]?
    var images: [ImageChange]?
  }
}
