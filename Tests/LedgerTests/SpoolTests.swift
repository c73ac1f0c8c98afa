@testable import Ledger
import Platform
import Testing

private let refusal = """
  CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.type = 'finished' BEGIN SELECT RAISE(ABORT, 'no'); END
  """

@Test func `an end that cannot be appended waits in a spool file and is recorded once`() async throws {
  let scratch = try Scratch()
  let clock = Clock()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  let id = try await ledger.begin(.core()).id
  try await sqlite(scratch.path, refusal)
  let finish = Finish(outcome: .failed, reason: "unhealthy", durationMS: 7, composeDigest: "ab")
  let health = StepRecord(
    name: "health", startedAt: Date(timeIntervalSince1970: 1.5), durationMS: 1, exitStatus: 1, outcome: .failed,
    output: "looked")
  let image = ImageRecord(service: "db", before: ImageIdentity(reference: "r:1", id: "i", digest: "r@d"), after: nil)
  let error = await #expect(throws: LedgerError.self) {
    try await ledger.finish(id, finish, steps: [health], images: [image])
  }
  let spool = scratch.path + ".spool-1"
  #expect(error?.message.hasPrefix("deployed, NOT recorded") == true)
  #expect(error?.message.contains(spool) == true)
  #expect(try mode(spool) == 0o600)
  let kept = try read(spool)
  let ended = clock.now()
  clock.move(3600)
  try await sqlite(scratch.path, "DROP TRIGGER refuse")

  let next = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  let deployment = try await next.deployment(id)
  #expect(deployment?.outcome == .failed)
  #expect(deployment?.reason == "unhealthy")
  #expect(deployment?.composeDigest == "ab")
  #expect(deployment?.finishedAt == ended)
  #expect(try await next.steps(of: id) == [health])
  #expect(try await next.images(of: id) == [image])
  #expect(try !scratch.names().contains("ledger.db.spool-1"))

  try write(kept, scratch.path + ".spool-1")
  let again = try await scratch.open()
  #expect(try await again.head().seq == 5)
  #expect(try !scratch.names().contains("ledger.db.spool-1"))
  #expect(try await again.verify().problems == [])
}

private func mode(_ path: String) throws -> Int {
  try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
}

@Test func `a spool file that is invalid or belongs to another ledger stays where it is`() async throws {
  let scratch = try Scratch()
  let id = try await scratch.open().begin(.core()).id
  let foreign = SpooledFinish(ledger: "other", deployment: id, at: 1, outcome: "succeeded", durationMS: 1)
  try write([UInt8](JSONEncoder().encode(foreign)), scratch.path + ".spool-1")
  try write([UInt8]("{".utf8), scratch.path + ".spool-2")
  let ledger = try await scratch.open()
  #expect(try await ledger.deployment(id)?.outcome == nil)
  #expect(try scratch.names().filter { $0.contains(".spool-") }.count == 2)
}

@Test func `a spool file of an early ktrdr has the end alone`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core()).id
  let early = """
    {"format": 1, "ledger": "\(ledger.id)", "deployment": \(id), "at": 1, "outcome": "succeeded", "durationMS": 1}
    """
  try write([UInt8](early.utf8), SpooledFinish.file(beside: scratch.path, of: id))
  let next = try await scratch.open()
  #expect(try await next.deployment(id)?.outcome == .succeeded)
  #expect(try await next.head().seq == 3)
  #expect(SpooledFinish.files(beside: scratch.path) == [])
  #expect(try await next.verify().problems == [])
}

@Test func `the error says if the end could be written neither to the ledger nor to a spool file`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core()).id
  try await sqlite(scratch.path, refusal)
  try write([], scratch.path + ".spool-1")
  let error = await #expect(throws: LedgerError.self) {
    try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1))
  }
  #expect(error?.message.hasPrefix("deployed, NOT recorded: could write neither the ledger") == true)
}

@Test func `on a full disk the ballast makes room for the end`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  let id = try await ledger.begin(.core()).id
  #expect(try scratch.names().contains("ledger.db-ballast"))
  try await ledger.fill()
  let long = String(repeating: "x", count: 100_000)
  try await ledger.finish(id, Finish(outcome: .failed, reason: long, durationMS: 1))
  #expect(try await ledger.deployment(id)?.reason == long)
  #expect(try !scratch.names().contains("ledger.db-ballast"))
  #expect(try await ledger.verify().problems == [])
}

extension DeploymentLedger {
  /// Prevents the file from growing, which SQLite reports as a full disk.
  fileprivate func fill() throws(SQLiteError) {
    let pages = try database.integer("PRAGMA page_count") ?? 1
    try database.execute("PRAGMA max_page_count=\(pages)")
  }
}
