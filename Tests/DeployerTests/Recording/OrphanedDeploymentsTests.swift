import Ledger
import Platform
import TestSupport
import Testing

@testable import Deployer

/// A ledger in a directory of its own.
private struct Place {
  private let owned: TestDirectory
  var directory: String { owned.path }

  init() throws { owned = try TestDirectory() }

  func ledger(_ access: DeploymentLedger.Access = .readWrite) async throws -> DeploymentLedger {
    try await DeploymentLedger.open(path: "\(directory)/ledger.db", access: access)
  }

  /// A deployment whose client left after these steps.
  func begin(_ target: String, steps: [String] = []) async throws -> Int64 {
    let ledger = try await ledger()
    let start = DeploymentStart(
      kind: .deploy, target: target, host: "h", services: ["backend"], operator: "ada", client: "c")
    let id = try await ledger.begin(start).id
    for step in steps {
      let record = StepRecord(name: step, startedAt: Date(), durationMS: 1, exitStatus: 0, outcome: .succeeded)
      try await ledger.append(record, to: id)
    }
    return id
  }
}

@Suite struct OrphanedDeploymentsTests {
  @Test(arguments: [
    ([], "the client died before anything was changed"),
    (["login", "pull"], "the client died before anything was changed"),
    (["login", "pull", "changing"], "the client died after 'up' had begun; see 'ktrdr status'"),
    (["pull", "changing", "up", "health"], "the client died after 'up' had begun; see 'ktrdr status'"),
  ])
  func `a dead client's deployment is ended with how far it came, once`(steps: [String], reason: String) async throws {
    let place = try Place()
    let id = try await place.begin("core", steps: steps)
    let reader = try await place.ledger(.readOnly)
    let found = await OrphanedDeployments(in: reader).settle()
    #expect(found.map(\.deployment) == [id])
    #expect(found.map(\.isTrouble) == [true])
    #expect(found.first?.message.contains("deployment \(id) of core was interrupted: \(reason)") == true)
    let recorded = try await reader.deployment(id)
    #expect(recorded?.outcome == .interrupted)
    #expect(recorded?.reason == reason)
    #expect(await OrphanedDeployments(in: reader).settle().isEmpty)
  }

  @Test func `a deployment whose client holds the lock is left alone, and told as running`() async throws {
    let place = try Place()
    let id = try await place.begin("core")
    let reader = try await place.ledger(.readOnly)
    let lock = try TargetLock.acquire(target: "core", in: place.directory)
    lock.describer("ada", id, Date(timeIntervalSince1970: 1_700_000_000))
    let found = await OrphanedDeployments(in: reader).settle()
    #expect(found.map(\.message) == ["deployment \(id) of core is running, started by ada at 2023-11-14T22:13:20Z"])
    #expect(found.map(\.isTrouble) == [false])
    #expect(try await reader.deployment(id)?.outcome == nil)
    _ = consume lock
    #expect(await OrphanedDeployments(in: reader).settle().map(\.isTrouble) == [true])
  }

  @Test func `only the targets that were asked for are settled`() async throws {
    let place = try Place()
    let core = try await place.begin("core")
    let workers = try await place.begin("workers-b")
    let reader = try await place.ledger(.readOnly)
    #expect(await OrphanedDeployments(in: reader).settle(["workers-b"]).map(\.deployment) == [workers])
    #expect(try await reader.inFlight().map(\.id) == [core])
    #expect(await OrphanedDeployments(in: reader).settle().map(\.deployment) == [core])
  }

  @Test func `the lock is free again, and the deployment that holds it settles by itself`() async throws {
    let place = try Place()
    let first = try await place.begin("core")
    let ledger = try await place.ledger()
    #expect(await OrphanedDeployments(in: ledger).settle().map(\.deployment) == [first])
    let lock = try TargetLock.acquire(target: "core", in: place.directory)
    let second = try await place.begin("core", steps: ["changing"])
    let ended = try await OrphanedDeployments(in: ledger).settle(holdingLockOf: "core")
    #expect(ended.map(\.deployment) == [second])
    _ = consume lock
  }

  @Test func `an end that waits in a spool file is the end`() async throws {
    let place = try Place()
    let id = try await place.begin("core")
    let reader = try await place.ledger(.readOnly)
    let spool = """
      {"format": 1, "ledger": "\(reader.id)", "deployment": \(id), "at": 1700000000000, "outcome": "succeeded",
       "durationMS": 5}
      """
    try Data(spool.utf8).write(to: URL(filePath: "\(reader.path).spool-\(id)"))
    #expect(await OrphanedDeployments(in: reader).settle().isEmpty)
    #expect(try await reader.deployment(id)?.outcome == .succeeded)
  }

  @Test func `a ledger that cannot take the end is no failure, and that is told`() async throws {
    let place = try Place()
    let id = try await place.begin("core")
    let reader = try await place.ledger(.readOnly)
    // A directory in its place stops any writer, root too; the reader has the file open.
    try FileManager.default.moveItem(atPath: reader.path, toPath: "\(reader.path).away")
    try FileManager.default.createDirectory(atPath: reader.path, withIntermediateDirectories: false)
    let found = await OrphanedDeployments(in: reader).settle()
    #expect(found.map(\.deployment) == [id])
    #expect(found.first?.message.contains("could not be recorded") == true)
    #expect(try await reader.deployment(id)?.outcome == nil)
  }
}
