import Ledger
import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct LedgerTests {
    /// An operator whose ledger holds two deployments of the core stack.
    private func someone() async throws -> Operator {
      let person = try await Operator()
      try await person.deploy()
      try await person.deploy()
      return person
    }

    @Test func `a deployment leaves the ledger's head on the host and records that`() async throws {
      let person = try await Operator()
      try await person.deploy()
      let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readOnly)
      let anchored = try await person.sqlite(
        "SELECT deployment, target, subject, lower(hex(anchor_hash)) FROM event WHERE type='anchored'")
      let line = try #require(try person.anchors().last { $0.contains(ledger.id) })
      let anchor = try #require(Anchor(line: line))
      #expect(anchored == "1|core|\(anchor.head.seq)|\(anchor.head.hash)")
      let verify = try await person.ktrdr("ledger", "verify", "--anchors", "--format", "json")
      #expect(verify.output.contains("\"verdict\" : \"agrees\""), "\(verify.output)")
      #expect(verify.status == 0, "\(verify.output)")
    }

    @Test func `a ledger that was rolled back is refused, without validation too`() async throws {
      let person = try await Operator()
      try await person.deploy()
      let old = try Data(contentsOf: URL(filePath: person.ledger))
      try await person.deploy()
      try old.write(to: URL(filePath: person.ledger))
      for option in ["--skip-validation", "--quiet"] {
        let refused = try await person.ktrdr(
          "deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0], option)
        #expect(refused.status == 65)
        #expect(refused.error.contains("the ledger was rolled back"), "\(refused.error)")
      }
      let verify = try await person.ktrdr("ledger", "verify", "--anchors")
      #expect(verify.status == 65)
      #expect(verify.output.contains("was rolled back, or its end was removed"), "\(verify.output)")
      #expect(try await person.ktrdr("ledger", "verify").status == 0)
    }

    @Test func `a ledger that was forked is refused, and verify names the first event that differs`() async throws {
      let person = try await Operator()
      try await person.deploy()
      let old = try Data(contentsOf: URL(filePath: person.ledger))
      let length = try await person.sqlite("SELECT max(seq) FROM event")
      try await person.deploy()
      try old.write(to: URL(filePath: person.ledger))
      let fork = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
      for _ in 0..<20 { try await fork.interruptOne() }
      let refused = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0])
      #expect(refused.status == 65)
      #expect(refused.error.contains("the ledger was forked"), "\(refused.error)")
      let verify = try await person.ktrdr("ledger", "verify", "--anchors")
      #expect(verify.status == 65)
      // The anchor lies one event before the end of the first deployment's events: its own record follows it.
      let first = Int(length) ?? 0
      #expect(verify.output.contains("the first event that differs is one of \(first) to "), "\(verify.output)")
    }

    @Test func `a ledger that was replaced is refused, and on a host of other ledgers a new one is a warning`()
      async throws
    {
      let person = try await someone()
      let other = try await Operator()
      let first = try await other.ktrdr("deploy", "core", "backend", "--tag", other.lab.facts.tags_good[0])
      #expect(first.status == 0, "\(first.error)")
      #expect(first.error.contains("knows the ledger"), "\(first.error)")
      let second = try await other.ktrdr("deploy", "core", "backend", "--tag", other.lab.facts.tags_good[0])
      #expect(!second.error.contains("knows the ledger"), "\(second.error)")
      // Each is told of the other as long as that one was there last, and nobody's proof hides it.
      let mine = try await person.ktrdr("deploy", "core", "backend", "--tag", other.lab.facts.tags_good[0])
      #expect(mine.error.contains("was last deployed to with another ledger"), "\(mine.error)")
      let third = try await other.ktrdr("deploy", "core", "backend", "--tag", other.lab.facts.tags_good[0])
      #expect(third.error.contains("was last deployed to with another ledger"), "\(third.error)")
      let status = try await person.ktrdr("status", "core")
      #expect(status.error.contains("was last deployed to with another ledger"), "\(status.error)")
      #expect(try await !other.ktrdr("status", "core").error.contains("another ledger"))
      let proof = try await person.ktrdr("ledger", "verify", "--anchors")
      #expect(proof.output.contains("another ledger deployed there too, last at "), "\(proof.output)")
      #expect(try await person.ktrdr("ledger", "verify").output.contains("the hosts were not asked"))
      try Data(contentsOf: URL(filePath: other.ledger)).write(to: URL(filePath: person.ledger))
      let refused = try await person.ktrdr("deploy", "core", "backend", "--tag", other.lab.facts.tags_good[0])
      #expect(refused.status == 65)
      #expect(refused.error.contains(" was replaced: it was "), "\(refused.error)")

      let fresh = try await Operator()
      _ = try await DeploymentLedger.open(path: fresh.ledger, access: .readWrite)
      let verify = try await fresh.ktrdr("ledger", "verify", "--anchors")
      #expect(verify.status == 3)
      #expect(verify.output.contains(": replaced"), "\(verify.output)")
    }

    @Test func `an end that the ledger does not take waits, and the next command records it once`() async throws {
      let person = try await Operator()
      try await person.deploy()
      try await person.sqlite(
        "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.type = 'finished' BEGIN SELECT RAISE(ABORT, 'no'); END")
      let deploy = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0])
      #expect(deploy.status == 1)
      #expect(deploy.error.contains("deployed, NOT recorded"), "\(deploy.error)")
      let spool = URL(filePath: person.ledger + ".spool-2")
      #expect(FileManager.default.fileExists(atPath: spool.path))
      #expect(try await person.ktrdr("history", "--format", "csv").output.contains("2,"))
      #expect(FileManager.default.fileExists(atPath: spool.path), "it was thrown away without being recorded")
      try await person.sqlite("DROP TRIGGER refuse")
      let history = try await person.ktrdr("history", "--outcome", "succeeded", "--format", "csv")
      #expect(history.output.split(whereSeparator: \.isNewline).count == 3, "\(history.output)")
      #expect(!FileManager.default.fileExists(atPath: spool.path))
      #expect(try await person.sqlite("SELECT count(*) FROM event WHERE type='finished' AND deployment=2") == "1")
      #expect(try await person.ktrdr("ledger", "verify").status == 0)
    }

    @Test func `a clock behind the ledger's newest event is a warning`() async throws {
      let person = try await Operator()
      let ahead = try await DeploymentLedger.open(path: person.ledger, access: .readWrite) {
        Date().addingTimeInterval(7200)
      }
      try await ahead.interruptOne()
      let deploy = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0])
      #expect(deploy.status == 0, "\(deploy.error)")
      #expect(deploy.error.contains("behind the ledger's newest event"), "\(deploy.error)")
      #expect(try await person.ktrdr("ledger", "verify").output.contains("note: the clock went back before event"))
    }
  }
}

extension DeploymentLedger {
  /// A deployment of another target that came to nothing.
  fileprivate func interruptOne() throws {
    let start = DeploymentStart(kind: .deploy, target: "other", host: "h", operator: "x", client: "x")
    try finish(try begin(start).id, Finish(outcome: .interrupted, durationMS: 1))
  }
}

extension Operator {
  fileprivate func deploy() async throws {
    let result = try await ktrdr("deploy", "core", "all", "--tag", lab.facts.tags_good[0])
    #expect(result.status == 0, "\(result.error)")
  }

  @discardableResult
  func sqlite(_ sql: String) async throws -> String {
    let result = try await Programs.run("sqlite3", [ledger, sql], environment: environment)
    #expect(result.status == 0, "\(result.error)")
    return result.output.trimmed
  }

  /// The lines of the host's file.
  fileprivate func anchors() throws -> [String] {
    let file = (lab.facts.directories["core"] ?? "") + "/.ktrdr-anchors"
    return String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }
}
