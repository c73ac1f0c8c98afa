import Ledger
import Platform
import Testing

/// Four deployments, ten seconds apart.
private func filled(_ scratch: Scratch, _ clock: Clock) async throws -> DeploymentLedger {
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: clock.now)
  let worker = DeploymentStart(
    batch: "b7", kind: .deploy, target: "workers-b", host: "Workers-B.ktrdr.home", services: ["training"],
    tag: "sha-2222222", operator: "ci", client: "ktrdr 1.0")
  try await ledger.record(.core(["backend", "db"], tag: "sha-1111111"))
  clock.move(10)
  try await ledger.record(worker, .failed)
  clock.move(10)
  try await ledger.record(.core(["db"], tag: nil, kind: .rollback))
  clock.move(10)
  _ = try await ledger.begin(.core(["backend"], tag: "sha-2222222", operator: "grace"))
  return ledger
}

private let start = Date(timeIntervalSince1970: 1_700_000_000)

@Test(arguments: [
  (HistoryFilter(), [4, 3, 2, 1]),
  (HistoryFilter(limit: 2), [4, 3]),
  (HistoryFilter(limit: 0), []),
  (HistoryFilter(target: "core"), [4, 3, 1]),
  (HistoryFilter(target: "nowhere"), []),
  (HistoryFilter(host: "workers-b"), [2]),
  (HistoryFilter(host: "workers-b.ktrdr.HOME"), [2]),
  (HistoryFilter(host: "backend"), [4, 3, 1]),
  (HistoryFilter(host: "core", limit: 1), [4]),
  (HistoryFilter(host: "back"), []),
  (HistoryFilter(service: "db"), [3, 1]),
  (HistoryFilter(target: "core", service: "backend"), [4, 1]),
  (HistoryFilter(host: "core", service: "backend"), [4, 1]),
  (HistoryFilter(tag: "sha-2222222"), [4, 2]),
  (HistoryFilter(target: "workers-b", tag: "sha-2222222"), [2]),
  (HistoryFilter(operator: "grace"), [4]),
  (HistoryFilter(outcome: .running), [4]),
  (HistoryFilter(service: "db", outcome: .running), []),
  (HistoryFilter(outcome: .finished(.succeeded)), [3, 1]),
  (HistoryFilter(outcome: .finished(.failed)), [2]),
  (HistoryFilter(target: "core", outcome: .finished(.failed)), []),
  (HistoryFilter(service: "db", outcome: .finished(.succeeded)), [3, 1]),
  (HistoryFilter(kind: .rollback), [3]),
  (HistoryFilter(batch: "b7"), [2]),
  (HistoryFilter(since: start + 20), [4, 3]),
  (HistoryFilter(until: start + 10), [2, 1]),
  (HistoryFilter(since: start + 10, until: start + 20), [3, 2]),
  (HistoryFilter(until: start + 20, limit: 1), [3]),
])
func `a history has the deployments that match every condition, newest first`(
  _ filter: HistoryFilter, _ expected: [Int64]
) async throws {
  let scratch = try Scratch()
  let ledger = try await filled(scratch, Clock())
  #expect(try await ledger.history(filter).map(\.id) == expected)
}

@Test func `every outcome, and running, can be requested by name`() {
  #expect(
    OutcomeFilter.allCases.map(\.rawValue)
      == ["running", "succeeded", "failed", "cancelled", "interrupted", "unknown"])
  for filter in OutcomeFilter.allCases { #expect(OutcomeFilter(rawValue: filter.rawValue) == filter) }
  #expect(OutcomeFilter(rawValue: "fine") == nil)
}
