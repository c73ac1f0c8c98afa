import Foundation
import Ledger
import Testing

@Test func `a fixture of realistic deployments is a valid ledger`() async throws {
  let scratch = try Scratch()
  let result = try run(tool("ledger-fixture"), ["--deployments", "600", "--ledger", scratch.path])
  #expect(result.status == 0, "\(result.output)")
  let ledger = try await scratch.open()
  let report = try await ledger.verify()
  #expect(report.problems == [])
  #expect(report.deployments == 600)
  #expect(try run("python3", [root + "/docs/verify_ledger.py", scratch.path]).status == 0)
  let all = try await ledger.history(HistoryFilter(limit: 1000))
  #expect(Set(all.map(\.start.target)).count == 4)
  #expect(Set(all.map(\.start.operator)).count == 4)
  #expect(Set(all.compactMap(\.outcome)).count >= 4)
  #expect(try await ledger.steps(of: 300).count == 10)
  #expect(try run(tool("ledger-fixture"), ["--deployments", "0"]).status == 64)
}

@Test func `deployments continue while the ledger is verified`() async throws {
  let scratch = try Scratch()
  #expect(try run(tool("ledger-fixture"), ["--deployments", "2000", "--ledger", scratch.path]).status == 0)
  let ledger = try await scratch.open(.readOnly)
  let writer = Process()
  writer.executableURL = URL(fileURLWithPath: try tool("ledger-writer"))
  writer.arguments = ["--ledger", scratch.path, "--events", "1000000"]
  let complaints = Pipe()
  writer.standardError = complaints
  try writer.run()
  let (report, seen) = try await ledger.verifyWatching {
    try sqlite(scratch.path, "PRAGMA busy_timeout=10000; SELECT max(seq) FROM event")
  }
  writer.terminate()
  writer.waitUntilExit()
  #expect(complaints.fileHandleForReading.readDataToEndOfFile().isEmpty)
  #expect(report.problems == [])
  #expect(Set(seen).count > 2, "no event was appended while the ledger was read: \(seen)")
}

extension DeploymentLedger {
  /// Verifies, and looks up the newest event between the transactions.
  fileprivate func verifyWatching(_ newest: () throws -> String) throws -> (Verification, [String]) {
    var seen: [String] = []
    let report = try verify { _, _ in
      if let seq = try? newest() { seen.append(seq) }
    }
    return (report, seen)
  }
}
