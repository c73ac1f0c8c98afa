@testable import Ledger

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
