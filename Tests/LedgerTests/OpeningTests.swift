import Ledger
import Platform
import Testing

/// A way to make a ledger unusable, and the error that it causes.
struct UnusableFile: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var error: String
  var make: @Sendable (String) async throws -> Void

  static let all = [
    UnusableFile(testDescription: "zero bytes", error: "notALedger") { try write([], $0) },
    UnusableFile(testDescription: "text", error: "notALedger") {
      try write(Array(repeating: UInt8(ascii: "x"), count: 5000), $0)
    },
    UnusableFile(testDescription: "half a header", error: "notALedger") { try write(Array(read($0).prefix(50)), $0) },
    UnusableFile(testDescription: "header only", error: "damaged") { try write(Array(read($0).prefix(100)), $0) },
    UnusableFile(testDescription: "truncated to a page", error: "damaged") {
      try write(Array(read($0).prefix(4096)), $0)
    },
    UnusableFile(testDescription: "another program's database", error: "notALedger") {
      try await sqlite($0, "PRAGMA application_id=7")
    },
    UnusableFile(testDescription: "switched to WAL", error: "wrongJournal") {
      try await sqlite($0, "PRAGMA journal_mode=WAL")
    },
    UnusableFile(testDescription: "a newer format", error: "newerVersion") {
      try await sqlite($0, "PRAGMA user_version=99")
    },
    UnusableFile(testDescription: "no format", error: "damaged") { try await sqlite($0, "PRAGMA user_version=0") },
    UnusableFile(testDescription: "a schema that does not parse", error: "damaged") {
      try await sqlite(
        $0, "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql='CREATE TABLE (' WHERE name='event'")
    },
    UnusableFile(testDescription: "no event table", error: "damaged") {
      try await sqlite($0, "DROP VIEW deployment; DROP VIEW step; DROP VIEW image; DROP TABLE event")
    },
    UnusableFile(testDescription: "a directory", error: "wrongKind") {
      unlink($0)
      mkdir($0, 0o700)
    },
    UnusableFile(testDescription: "a FIFO", error: "wrongKind") {
      unlink($0)
      mkfifo($0, 0o600)
    },
    UnusableFile(testDescription: "a symbolic link", error: "wrongKind") {
      rename($0, $0 + ".real")
      symlink($0 + ".real", $0)
    },
    UnusableFile(testDescription: "a link to a device", error: "wrongKind") {
      unlink($0)
      symlink("/dev/null", $0)
    },
  ]
}

func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

@Test(arguments: UnusableFile.all)
func `a file that is not an intact ledger is refused and not changed`(_ unusable: UnusableFile) async throws {
  let scratch = try Scratch()
  try await scratch.open().record(.core())
  try await unusable.make(scratch.path)
  let before = try? read(scratch.path)
  let names = try scratch.names()
  do {
    _ = try await scratch.open()
    Issue.record("it was opened")
  } catch let error as LedgerError {
    #expect("\(error)".hasPrefix(unusable.error), "\(error)")
    #expect(error.message.contains(scratch.path))
    #expect(error.isDamage == (unusable.error != "newerVersion"))
  }
  if unusable.testDescription != "a FIFO" { #expect((try? read(scratch.path)) == before) }
  #expect(try scratch.names() == names)
}

@Test func `a ledger of a newer format can still be read`() async throws {
  let scratch = try Scratch()
  try await scratch.open().record(.core())
  try await sqlite(scratch.path, "PRAGMA user_version=99")
  #expect(try await scratch.open(.readOnly).history().count == 1)
}

@Test func `reading a missing ledger is an error and creates nothing`() async throws {
  let scratch = try Scratch()
  await #expect(throws: LedgerError.missing(path: scratch.path)) { try await scratch.open(.readOnly) }
  #expect(try scratch.names() == [])
}

@Test func `a new ledger and its directories are private to their owner`() async throws {
  let scratch = try Scratch()
  let path = scratch.directory + "/a/b/ledger.db"
  let before = umask(0)
  defer { umask(before) }
  _ = try await DeploymentLedger.open(path: path, access: .readWrite)
  #expect(try mode(path) == 0o600)
  #expect(try mode(scratch.directory + "/a/b") == 0o700)
  #expect(try mode(scratch.directory + "/a") == 0o700)
}

private func mode(_ path: String) throws -> Int {
  try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
}

@Test func `a reader cannot append`() async throws {
  let scratch = try Scratch()
  _ = try await scratch.open()
  let reader = try await scratch.open(.readOnly)
  await #expect(throws: LedgerError.readOnly(path: reader.path)) { try await reader.begin(.core()) }
}

@Test func `a link in the directory's path is followed`() async throws {
  let scratch = try Scratch()
  mkdir(scratch.directory + "/real", 0o700)
  symlink(scratch.directory + "/real", scratch.directory + "/link")
  let ledger = try await DeploymentLedger.open(path: scratch.directory + "/link/ledger.db", access: .readWrite)
  #expect(ledger.path.hasSuffix("/real/ledger.db"))
}

@Test func `eight first runs at the same time create one ledger with one genesis`() async throws {
  let scratch = try Scratch()
  let ids = try await withThrowingTaskGroup(of: String.self) { group in
    for _ in 0..<8 { group.addTask { try await scratch.open().id } }
    return try await group.reduce(into: Set()) { $0.insert($1) }
  }
  #expect(ids.count == 1)
  #expect(try scratch.names() == ["ledger.db", "ledger.db.id"])
  #expect(try await sqlite(scratch.path, "SELECT count(*) FROM event") == "1")
}
