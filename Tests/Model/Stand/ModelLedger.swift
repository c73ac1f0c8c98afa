import Platform

@testable import Ledger

/// Two ledgers in which nothing is recorded yet. Each history begins with copies of them: to make one takes as long as two
/// operations.
final class EmptyLedgers: Sendable {
  private let directory: MemoryDirectory

  init() async throws {
    directory = try MemoryDirectory()
    for isColleague in [false, true] {
      _ = try await DeploymentLedger.open(path: Self.path(in: directory, isColleague), access: .readWrite)
    }
  }

  /// Opens a copy of one of them in `other`.
  func open(in other: MemoryDirectory, ofColleague isColleague: Bool) async throws -> DeploymentLedger {
    let path = Self.path(in: other, isColleague)
    DeploymentLedger.copy(Self.path(in: directory, isColleague), to: path)
    return try await DeploymentLedger.openQuick(path)
  }

  private static func path(in directory: MemoryDirectory, _ isColleague: Bool) -> String {
    "\(directory.path)/\(isColleague ? "colleague" : "ledger").db"
  }
}

/// A directory in memory, where there is one: the ledger waits for the disk at every step.
final class MemoryDirectory: Sendable {
  let path: String

  init() throws {
    let memory = "/dev/shm"
    let place =
      FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
    path = "\(place)/ktrdr-model-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension DeploymentLedger {
  /// Opens a ledger that need not survive a power cut and that nobody else opens: other tests are about that. A journal takes
  /// a file for each step, and a lock three calls of the system for each question.
  static func openQuick(_ path: String) async throws -> DeploymentLedger {
    let ledger = try await open(path: path, access: .readWrite)
    try await ledger.forgetPowerCuts()
    return ledger
  }

  private func forgetPowerCuts() throws {
    for setting in ["journal_mode=MEMORY", "synchronous=OFF", "locking_mode=EXCLUSIVE"] {
      try database.execute("PRAGMA \(setting)")
    }
  }

  /// What is on the disk now: what there would be if the client died, as no transaction is under way when a step begins or ends.
  static func copy(_ path: String, to copy: String) {
    for end in ["", ".id"] { try? FileManager.default.copyItem(atPath: path + end, toPath: copy + end) }
  }

  /// Lets another connection open the file.
  func unlock() throws {
    try database.execute("PRAGMA locking_mode=NORMAL")
    _ = try database.integer("SELECT seq FROM event LIMIT 1")
  }

  /// Until ``acceptEnds()``, as if the disk had no room for it.
  func refuseEnds() throws {
    try database.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.type = 'finished' BEGIN SELECT RAISE(ABORT, 'no'); END")
  }

  func acceptEnds() throws { try database.execute("DROP TRIGGER refuse") }
}
