import Platform
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Test func `a fixture of realistic deployments is a valid ledger`() async throws {
  let scratch = try Scratch()
  let result = try await run(tool("ledger-fixture"), ["--deployments", "600", "--ledger", scratch.path])
  #expect(result.status == 0, "\(result.output)")
  let ledger = try await scratch.open()
  let report = try await ledger.verify()
  #expect(report.problems == [])
  #expect(report.deployments == 600)
  #expect(try await run("python3", [root + "/docs/verify_ledger.py", scratch.path]).status == 0)
  let all = try await ledger.history(HistoryFilter(limit: 1000))
  #expect(Set(all.map(\.start.target)).count == 4)
  #expect(Set(all.map(\.start.operator)).count == 4)
  #expect(Set(all.compactMap(\.outcome)).count >= 4)
  #expect(try await ledger.steps(of: 300).count == 10)
  #expect(try await run(tool("ledger-fixture"), ["--deployments", "0"]).status == 64)
}

@Test func `deployments continue while the ledger is verified`() async throws {
  let scratch = try Scratch()
  #expect(try await run(tool("ledger-fixture"), ["--deployments", "2000", "--ledger", scratch.path]).status == 0)
  let ledger = try await scratch.open(.readOnly)
  let found = Mutex<(report: Verification, seen: [Int64])?>(nil)
  let writer = try await Programs.run(
    tool("ledger-writer"), ["--ledger", scratch.path, "--events", "1000000"], environment: plainEnvironment
  ) { process in
    let result = try? await ledger.verifyWatching(scratch.path)
    found.withLock { $0 = result }
    kill(process, SIGTERM)
  }
  #expect(writer.error.isEmpty)
  let (report, seen) = try #require(found.withLock { $0 })
  #expect(report.problems == [])
  #expect(Set(seen).count > 2, "no event was appended while the ledger was read: \(seen)")
}

extension DeploymentLedger {
  /// Verifies, and looks up the newest event between the transactions.
  fileprivate func verifyWatching(_ path: String) throws -> (Verification, [Int64]) {
    var seen: [Int64] = []
    let other = try Database(path: path)
    let report = try verify { _, _ in
      if let seq = try? other.integer("SELECT max(seq) FROM event") { seen.append(seq) }
    }
    return (report, seen)
  }
}
