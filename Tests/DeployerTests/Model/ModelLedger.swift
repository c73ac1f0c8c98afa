@testable import Ledger

extension DeploymentLedger {
  /// Opens a ledger that need not survive a power cut: other tests are about that, and a journal takes a file for each step.
  static func openQuick(_ path: String) async throws -> DeploymentLedger {
    let ledger = try await open(path: path, access: .readWrite)
    try await ledger.forgetPowerCuts()
    return ledger
  }

  private func forgetPowerCuts() throws {
    for setting in ["journal_mode=MEMORY", "synchronous=OFF"] { try database.execute("PRAGMA \(setting)") }
  }

  /// Until ``acceptEnds()``, as if the disk had no room for it.
  func refuseEnds() throws {
    try database.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.type = 'finished' BEGIN SELECT RAISE(ABORT, 'no'); END")
  }

  func acceptEnds() throws { try database.execute("DROP TRIGGER refuse") }
}
