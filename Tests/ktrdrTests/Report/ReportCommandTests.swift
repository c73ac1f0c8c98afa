import Foundation
import Ledger
import TestSupport
import Testing

/// `ktrdr report` as somebody calls it.
struct ReportCommandTests {
  private func someone(deployments: Int = 3) async throws -> Person {
    let person = try Person()
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    for number in 0..<deployments {
      let start = DeploymentStart(
        kind: .deploy, target: "core", host: "core.example.org", services: ["backend"], tag: "sha-000000\(number)",
        operator: "ana", client: "test")
      let id = try await ledger.begin(start).id
      try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1000))
    }
    return person
  }

  @Test func `it writes one file, and says what it is`() async throws {
    let person = try await someone()
    let result = try await person.ktrdr("report", "--output", "r.html", "--seed", "dice 4", "--sample", "2")
    #expect(result.status == 0 && result.output.isEmpty)
    #expect(result.error == "ledger proven; 3 deployments in the report\nsample of 2 drawn with --seed dice 4\n")
    let page = try person.home.read("r.html")
    #expect(page.hasSuffix("</html>\n") && page.contains("<code>dice 4</code>") && page.contains("<tr id=d3>"))
    #expect(try person.home.names().filter { $0.contains("ktrdr-report") }.isEmpty)
  }

  @Test func `- is standard output, and without a sample none is drawn`() async throws {
    let person = try await someone()
    let result = try await person.ktrdr("report", "--output", "-", "--sample", "0")
    #expect(result.status == 0 && result.output.hasPrefix("<!doctype html>") && !result.output.contains("id=sample"))
    #expect(try person.home.names().contains("-") == false)
  }

  @Test func `the period decides which deployments are in it`() async throws {
    let person = try await someone()
    let result = try await person.ktrdr("report", "--output", "-", "--until", "2020-01-01")
    #expect(result.output.contains("No deployment started in this period."))
    let swapped = try await person.ktrdr("report", "--output", "-", "--since", "2026-02-01", "--until", "2026-01-01")
    #expect(swapped.status == 64 && swapped.error.contains("--until must not be before --since"))
  }

  @Test func `an older report is replaced, through a link too`() async throws {
    let person = try await someone()
    try person.home.write("old", to: "real.html")
    try FileManager.default.createSymbolicLink(
      atPath: "\(person.home.path)/link.html", withDestinationPath: "\(person.home.path)/real.html")
    #expect(try await person.ktrdr("report", "--output", "link.html").status == 0)
    #expect(try person.home.read("real.html").hasPrefix("<!doctype html>"))
    let kind = try FileManager.default.attributesOfItem(atPath: "\(person.home.path)/link.html")[.type]
    #expect(kind as? FileAttributeType == .typeSymbolicLink)
  }

  @Test(arguments: [
    (["--output", "directory"], "is a directory\n  next: name a file"), (["--output", "missing/"], "is a directory"),
    (["--output", "/dev/null"], "/dev/null is not a regular file"), (["--output", "state/ledger.db"], "is the ledger"),
    (["--output", "r", "--sample=-1"], "--sample must be at least 0"),
    (["--output", "r", "--seed", ""], "--seed must have 1 to 100 characters"),
    (["--output", "r", "--seed", "a\tb"], "--seed must not have control characters"), ([], "--output"),
  ])
  func `what it refuses is a usage error, and changes nothing`(words: [String], message: String) async throws {
    let person = try await someone()
    try person.home.makeDirectory("directory")
    let before = try person.home.bytes(of: "state/ledger.db")
    let result = try await person.ktrdr(words: ["report"] + words)
    #expect(result.status == 64 && result.error.contains(message), "\(result.error)")
    #expect(try person.home.bytes(of: "state/ledger.db") == before)
    #expect(try person.home.names(in: "directory").isEmpty)
  }

  @Test func `a directory that is not there is said, and the old report stays if there is no room`() async throws {
    let person = try await someone()
    let missing = try await person.ktrdr("report", "--output", "nowhere/r.html")
    #expect(missing.status == 1)
    #expect(missing.error.contains("could not write the report nowhere/r.html: No such file or directory"))
    try person.home.write("old", to: "r.html")
    // A file may grow to one block of 512 bytes.
    let script = "ulimit -f 1; trap '' XFSZ; exec \(KtrdrBinary.path) report --output r.html"
    let full = try await person.run("/bin/sh", ["-c", script])
    #expect(full.status == 1 && full.error.contains("could not write the report"), "\(full.error)")
    #expect(try person.home.read("r.html") == "old")
    #expect(try person.home.names().filter { $0.contains("ktrdr-report") }.isEmpty)
  }

  @Test func `of a ledger that was tampered with, the report is written and says so first`() async throws {
    let person = try await someone()
    try await person.sqlite("DROP TRIGGER event_update")
    try await person.sqlite("UPDATE event SET tag = 'sha-evil' WHERE deployment = 2 AND type = 'started'")
    let result = try await person.ktrdr("report", "--output", "r.html")
    #expect(result.status == 65 && result.error.contains("ledger damaged"), "\(result.error)")
    let page = try person.home.read("r.html")
    #expect(
      page.contains("Verification failed: do not rely on this report") && page.contains("its hash does not match"))
    let verify = try await person.ktrdr("ledger", "verify")
    #expect(verify.status == result.status)
  }

  @Test func `of a file that is damaged, the report is written without what cannot be read`() async throws {
    let person = try await someone(deployments: 40)
    var bytes = try person.home.bytes(of: "state/ledger.db")
    for index in (bytes.count / 2)..<(bytes.count / 2 + 20_000) { bytes[index] = 0x55 }
    try person.home.write(bytes, to: "state/ledger.db")
    let result = try await person.ktrdr("report", "--output", "r.html")
    #expect(result.status == 65, "\(result.error)")
    let page = try person.home.read("r.html")
    #expect(page.contains("Verification failed") && page.hasSuffix("</html>\n"))
  }

  @Test func `with a host that cannot be asked for its anchors, it is written and not proven`() async throws {
    var person = try Person(standIns: ["ssh"])
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    let start = DeploymentStart(
      kind: .deploy, target: "shop", host: "shop.invalid", services: ["web"], operator: "ana", client: "test")
    try await ledger.finish(try await ledger.begin(start).id, Finish(outcome: .succeeded, durationMS: 1))
    try person.home.write("targets: {shop: {host: shop.invalid, directory: /srv}}\n", to: "ktrdr.yml")
    person.environment["KTRDR_CONFIG"] = "\(person.home.path)/ktrdr.yml"
    let result = try await person.ktrdr("report", "--output", "r.html", "--anchors")
    #expect(
      result.status == 3 && result.error.contains("ledger not proven; 1 deployment in the report"), "\(result.error)")
    let page = try person.home.read("r.html")
    #expect(
      page.contains("Not proven: an anchor is missing") && page.contains("The host or its anchors could not be read."))
    #expect(try await person.ktrdr("ledger", "verify", "--anchors").status == 3)
  }

  @Test func `without a ledger, and of what is none, there is no report`() async throws {
    let person = try Person()
    #expect(try await person.ktrdr("report", "--output", "r.html").status == 64)
    try person.home.makeDirectory("state")
    try person.home.write("not a ledger", to: "state/ledger.db")
    #expect(try await person.ktrdr("report", "--output", "r.html").status == 65)
    #expect(!person.home.exists("r.html"))
  }
}
