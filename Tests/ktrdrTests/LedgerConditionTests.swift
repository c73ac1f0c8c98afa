import Foundation
import Ledger
import TestSupport
import Testing

/// A condition of the ledger's file, and how commands respond to it.
struct Condition: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var history: Int32 = 65
  var deploy: Int32 = 65
  var words: String
  var make: @Sendable (Person) async throws -> Void

  /// Less than a page is missing, which SQLite does not notice.
  static let cutOff = Condition(
    testDescription: "cut off by a few bytes", words: "the last 100 bytes of the file are missing"
  ) {
    try put(Array(bytes($0).dropLast(100)), $0)
  }

  /// A column that only some queries use.
  static let renamedColumn = Condition(testDescription: "a renamed column", words: "event is missing or was changed") {
    try await $0.sqlite(
      "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = replace(sql, 'secret_versions', 'secret_versionz') "
        + "WHERE name = 'event'")
  }

  static let all = [
    Condition(testDescription: "zero bytes", words: "is empty") { try put([], $0) },
    Condition(testDescription: "garbage", words: "is not an SQLite database") {
      try put(Array(repeating: 0x5a, count: 9000), $0)
    },
    Condition(testDescription: "zeroed", words: "is not an SQLite database") {
      try put(Array(repeating: 0, count: bytes($0).count), $0)
    },
    Condition(testDescription: "truncated", words: "is damaged") { try put(Array(bytes($0).prefix(4096)), $0) },
    cutOff, renamedColumn,
    Condition(testDescription: "header only", words: "is damaged") { try put(Array(bytes($0).prefix(100)), $0) },
    Condition(testDescription: "another program's database", words: "another program's") {
      try await $0.sqlite("PRAGMA application_id=7")
    },
    Condition(testDescription: "switched to WAL", words: "PRAGMA journal_mode=DELETE") {
      try await $0.sqlite("PRAGMA journal_mode=WAL")
    },
    Condition(testDescription: "a schema that does not parse", words: "is damaged") {
      try await $0.sqlite("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql='CREATE TABLE (' WHERE name='event'")
    },
    Condition(testDescription: "a directory", words: "is a directory") {
      try FileManager.default.removeItem(atPath: $0.ledger)
      try FileManager.default.createDirectory(atPath: $0.ledger, withIntermediateDirectories: false)
    },
    Condition(testDescription: "a FIFO", words: "is a FIFO") {
      try FileManager.default.removeItem(atPath: $0.ledger)
      _ = try await $0.run("mkfifo", [$0.ledger])
    },
    Condition(testDescription: "a symbolic link", words: "is a symbolic link") {
      try FileManager.default.moveItem(atPath: $0.ledger, toPath: $0.ledger + ".real")
      try FileManager.default.createSymbolicLink(
        atPath: $0.ledger, withDestinationPath: $0.ledger + ".real")
    },
    Condition(testDescription: "a newer format", history: 0, deploy: 1, words: "install a newer ktrdr") {
      try await $0.sqlite("PRAGMA user_version=99")
    },
    Condition(testDescription: "another ledger", history: 0, words: "was replaced: it was") {
      try $0.home.write("00000000-0000-4000-8000-000000000000\n", to: "state/ledger.db.id")
    },
    Condition(testDescription: "no ledger any more", words: "has disappeared") {
      try FileManager.default.removeItem(atPath: $0.ledger)
    },
  ]
}

private func bytes(_ person: Person) throws -> [UInt8] {
  try person.home.bytes(of: "state/ledger.db")
}

private func put(_ bytes: [UInt8], _ person: Person) throws {
  try person.home.write(bytes, to: "state/ledger.db")
}

/// Someone with a ledger of one finished deployment, which no connection has open.
private func someone() async throws -> Person {
  let person = try Person(standIns: ["ssh", "op"])
  try await record(in: person.ledger)
  return person
}

private func record(in path: String) async throws {
  let ledger = try await DeploymentLedger.open(path: path, access: .readWrite)
  let start = DeploymentStart(
    kind: .deploy, target: "core", host: "h.example", services: ["backend"], operator: "ada", client: "test")
  let id = try await ledger.begin(start).id
  try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1))
}

@Suite struct LedgerConditionTests {
  @Test(arguments: Condition.all)
  func `the ledger is checked first, and the check cannot be skipped`(_ condition: Condition) async throws {
    let person = try await someone()
    try await condition.make(person)
    let before = try? bytes(person)
    for words in [["--skip-validation"], []] {
      let deploy = try await person.ktrdr(
        words: ["deploy", "core", "backend", "--tag", "sha-a1b2c3d"] + words)
      #expect(deploy.status == condition.deploy, "\(deploy.error)")
      #expect(deploy.error.contains(condition.words), "\(deploy.error)")
      #expect(person.asked == "", "a host or 1Password was asked")
    }
    let dryRun = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d", "--dry-run")
    if condition.history != 0 { #expect(dryRun.status == condition.history, "\(dryRun.error)") }
    let history = try await person.ktrdr("history", "--format", "csv")
    #expect(history.status == condition.history, "\(history.error)")
    if condition.history == 0 { #expect(history.output.contains("backend")) }
    if condition.history != 0 { #expect(person.asked == "", "a host or 1Password was asked") }
    if condition.testDescription != "a FIFO" { #expect((try? bytes(person)) == before) }
  }

  @Test(arguments: [Condition.cutOff, .renamedColumn])
  func `every command that reads a damaged ledger exits with 65`(_ condition: Condition) async throws {
    let person = try await someone()
    try await condition.make(person)
    let before = try bytes(person)
    for command in [
      ["history"], ["history", "--format", "json"], ["show", "1"], ["diff", "1", "1"], ["status", "core"],
      ["ledger", "verify"], ["ledger", "export"], ["rollback", "core", "--dry-run"],
    ] {
      let result = try await person.ktrdr(words: command)
      #expect(result.status == 65, "\(command): \(result.error)")
      #expect((result.output + result.error).contains(condition.words), "\(command): \(result.output) \(result.error)")
    }
    let export = try await person.ktrdr("ledger", "export", "--format", "csv")
    #expect(export.status == 65)
    if condition.testDescription == Condition.cutOff.testDescription {
      #expect(export.output.split(whereSeparator: \.isNewline).count == 4, "a header and every event: \(export.output)")
    }
    #expect(try bytes(person) == before)
  }

  @Test func `with an intact ledger the stand-ins are asked`() async throws {
    let person = try await someone()
    _ = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d")
    #expect(person.asked.contains("ssh ") && person.asked.contains("op "))
  }

  @Test func `commands wait for a ledger that another process holds, and then say to try again`() async throws {
    let person = try await someone()
    let sign = person.ledger + ".held"
    let orders = ["BEGIN EXCLUSIVE", ".shell \(Programs.waiting(for: sign))"]
    try await Programs.holding("sqlite3", [person.ledger] + orders, sign: sign) {
      let clock = ContinuousClock()
      let begun = clock.now
      let deploy = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d")
      #expect(deploy.status == 75, "\(deploy.error)")
      #expect(deploy.error.contains("is busy: another process held it for 10 seconds"))
      #expect(clock.now - begun >= .seconds(10))
      #expect(person.asked == "")
    }
    #expect(try await person.ktrdr("history").status == 0)
  }

  /// Runs as the user nobody if the tests run as root, else as the same user without write permission.
  @Test func `a user without write permission can read and verify, but not deploy`() async throws {
    let person = try await someone()
    let binary = "\(person.home.path)/ktrdr"
    try FileManager.default.copyItem(atPath: KtrdrBinary.path, toPath: binary)
    for (name, mode) in [("ktrdr", 0o755), ("state/ledger.db", 0o444), ("state", 0o555)] {
      try person.home.setMode(mode, of: name)
    }
    defer { try? person.home.setMode(0o755, of: "state") }
    let names = try person.home.names(in: "state")
    func asReader(_ words: String...) async throws -> Programs.Result {
      guard geteuid() == 0 else { return try await person.run(binary, words) }
      return try await person.run(
        "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", binary] + words)
    }
    let history = try await asReader("history", "--format", "csv")
    #expect(history.status == 0, "\(history.error)")
    #expect(history.output.contains("backend"))
    #expect(try await asReader("ledger", "verify").status == 0)
    for words in ["--quiet", "--skip-validation"] {
      let deploy = try await asReader("deploy", "core", "backend", "--tag", "sha-a1b2c3d", words)
      #expect(deploy.status == 1)
      #expect(deploy.error.contains("no permission to write the ledger"), "\(deploy.error)")
    }
    #expect(try person.home.names(in: "state") == names)
    #expect(person.asked == "")
  }

  @Test func `a ledger in a read-only directory can only be read`() async throws {
    let person = try await someone()
    try person.home.setMode(0o666, of: "state/ledger.db")
    try person.home.setMode(0o555, of: "state")
    defer { try? person.home.setMode(0o755, of: "state") }
    let binary = "\(person.home.path)/ktrdr"
    try FileManager.default.copyItem(atPath: KtrdrBinary.path, toPath: binary)
    let reader = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    let deploy = try await person.run(
      "/usr/bin/env", reader + [binary, "deploy", "core", "backend", "--tag", "sha-a1b2c3d"])
    #expect(deploy.status == 1)
    #expect(deploy.error.contains("no permission to write the ledger"), "\(deploy.error)")
  }
}
