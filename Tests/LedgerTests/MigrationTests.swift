import Platform
import Testing

@testable import Ledger

/// The released formats. `stored` has a ledger of each, written by `sqlite3 ledger.db .dump`, with the numbers of its header.
private let stored: [Int64] = [1]

private func load(_ format: Int64, _ scratch: Scratch) async throws {
  let dump = root + "/Tests/LedgerTests/stored/format-\(format).sql"
  let result = try await run("sqlite3", [scratch.path, ".read '\(dump)'"])
  guard result.status == 0 else { throw ShellFailure(output: result.output) }
}

@Test(arguments: stored)
func `a stored ledger of each released format opens, is proven and can be continued`(_ format: Int64) async throws {
  let scratch = try Scratch()
  try await load(format, scratch)
  let ledger = try await scratch.open()
  #expect(try await ledger.head().hash == "d891c8a3928550c05ec3995515928e7131705804656eb5b5d586f213ec22e2a6")
  #expect(try await ledger.verify().problems == [])
  let told = try await ledger.history()
  #expect(told.map(\.id) == [3, 2, 1])
  #expect(told.map(\.outcome) == [nil, .failed, .succeeded])
  #expect(told[1].reason == "backend is not healthy")
  #expect(try await ledger.steps(of: 2).map(\.output) == [nil, "pulled\nü"])
  try await ledger.finish(3, Finish(outcome: .succeeded, durationMS: 1))
  try await ledger.record(.core())
  #expect(try await ledger.verify().problems == [])
  #expect(try await run("python3", [root + "/docs/verify_ledger.py", scratch.path]).status == 0)
  #expect(try await sqlite(scratch.path, "PRAGMA user_version") == "\(Migration.format(after: Migration.all))")
}

@Test func `every released format has a stored ledger`() throws {
  let files = try FileManager.default.contentsOfDirectory(atPath: root + "/Tests/LedgerTests/stored").sorted()
  #expect(stored == Array(Schema.firstVersion...Migration.format(after: Migration.all)))
  #expect(files == stored.map { "format-\($0).sql" })
}

/// What a later version could add.
private let later = [
  Migration(name: "notes", statements: ["CREATE TABLE note (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"]),
  Migration(name: "an index of clients", statements: ["CREATE INDEX started_client ON event (client)"]),
]

@Test func `migrations run in order, once each, and each records its event`() async throws {
  let scratch = try Scratch()
  try await load(1, scratch)
  for count in [1, 2, 2] {
    let migrations = Array(later.prefix(count))
    let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, migrations: migrations)
    #expect(try await ledger.verify().problems == [])
  }
  #expect(try await sqlite(scratch.path, "PRAGMA user_version") == "3")
  #expect(
    try await sqlite(scratch.path, "SELECT name, format FROM event WHERE type = 'migrated' ORDER BY seq")
      == "notes|2\nan index of clients|3")
  let whole = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, migrations: later)
  try await whole.record(.core())
  #expect(try await whole.verify().problems == [])
}

@Test func `a new ledger reaches the newest format by the same migrations`() async throws {
  let scratch = try Scratch()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, migrations: later)
  #expect(try await ledger.head().seq == 3)
  #expect(try await ledger.verify().problems == [])
}

@Test func `a migration that fails leaves nothing behind`() async throws {
  let scratch = try Scratch()
  try await load(1, scratch)
  let before = try await scratch.open().head()
  let broken = Migration(name: "broken", statements: ["CREATE TABLE half (x)", "CREATE TABLE event (x)"])
  await #expect(throws: LedgerError.self) {
    try await DeploymentLedger.open(path: scratch.path, access: .readWrite, migrations: [broken])
  }
  let again = try await scratch.open()
  #expect(try await again.head() == before)
  #expect(try await again.verify().problems == [])
  #expect(try await sqlite(scratch.path, "PRAGMA user_version") == "1")
}

@Test func `eight processes that migrate a ledger at the same time do it once`() async throws {
  let scratch = try Scratch()
  try await load(1, scratch)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<8 {
      group.addTask { _ = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, migrations: later) }
    }
    try await group.waitForAll()
  }
  #expect(try await sqlite(scratch.path, "SELECT count(*) FROM event WHERE type = 'migrated'") == "2")
}

@Test func `an older program reads a newer ledger, but neither writes nor verifies it`() async throws {
  let scratch = try Scratch()
  try await load(1, scratch)
  _ = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, migrations: later)
  let newer = LedgerError.newerVersion(path: scratch.path, found: 3, supported: 1)
  await #expect(throws: newer) { try await scratch.open() }
  #expect(newer.message.contains("has format 3, but this ktrdr supports up to format 1"))
  let reader = try await scratch.open(.readOnly)
  #expect(try await reader.history().count == 3)
  await #expect(throws: newer) { try await reader.verify() }
}
