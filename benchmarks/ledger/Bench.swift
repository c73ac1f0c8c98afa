import Foundation
import Ledger

/// Times the ledger's operations on a large ledger. Prints name, p50 and p99 in microseconds, tab-separated.
@main
struct Bench {
  static func main() async throws {
    guard CommandLine.arguments.count == 2 else { throw Usage() }
    let path = CommandLine.arguments[1]
    let ledger = try await DeploymentLedger.open(path: path, access: .readWrite)
    try await ledger.benchReads()
    try await ledger.benchAppends()
    try await ledger.benchVerify()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let deployments = try await ledger.history(HistoryFilter(limit: 1)).first?.id ?? 1
    print("bytes-per-deployment\t\(Double(size) / Double(deployments))\t")
  }

  struct Usage: Error, CustomStringConvertible { let description = "usage: ledger-bench LEDGER" }
}

extension DeploymentLedger {
  private func time(_ name: String, rounds: Int = 500, _ work: () throws -> Void) throws {
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<rounds {
      let spent = try clock.measure { try work() }
      times.append(Double(spent.components.attoseconds) / 1e12 + Double(spent.components.seconds) * 1e6)
    }
    times.sort()
    print("\(name)\t\(times[rounds / 2])\t\(times[rounds * 99 / 100])")
  }

  fileprivate func benchReads() throws {
    try time("last-good") { _ = try goodHistory(target: "core", service: "backend", limit: 1) }
    try time("last-good-never") { _ = try goodHistory(target: "core", service: "never", limit: 1) }
    let middle = Date(timeIntervalSince1970: 1_600_000_000)
    let filters: [(String, HistoryFilter)] = [
      ("page", HistoryFilter()), ("page-target", HistoryFilter(target: "core")),
      ("page-host", HistoryFilter(host: "workers-b")), ("page-service", HistoryFilter(service: "db")),
      ("page-operator", HistoryFilter(operator: "ci")), ("page-tag-never", HistoryFilter(tag: "sha-never")),
      ("page-succeeded", HistoryFilter(outcome: .finished(.succeeded))),
      ("page-unknown", HistoryFilter(outcome: .finished(.unknown))), ("page-running", HistoryFilter(outcome: .running)),
      ("page-rollback", HistoryFilter(kind: .rollback)), ("page-since", HistoryFilter(since: middle)),
      ("page-until", HistoryFilter(until: middle)), ("page-batch", HistoryFilter(batch: "batch-77")),
    ]
    for (name, filter) in filters { try time(name) { _ = try history(filter) } }
    try time("show") {
      _ = try deployment(500)
      _ = try steps(of: 500)
      _ = try images(of: 500)
    }
    try time("in-flight") { _ = try inFlight() }
  }

  fileprivate func benchAppends() throws {
    let start = DeploymentStart(
      kind: .deploy, target: "bench", host: "bench.example", operator: "bench", client: "bench")
    let id = try begin(start).id
    let step = StepRecord(name: "pull", startedAt: Date(), durationMS: 1, exitStatus: 0, outcome: .succeeded)
    try time("append", rounds: 1000) { try append(step, to: id) }
    try finish(id, Finish(outcome: .succeeded, durationMS: 1))
  }

  fileprivate func benchVerify() throws {
    // A second of a core is a second of processor time, however busy the machine is.
    let begun = clock()
    let watch = ContinuousClock()
    var report: Verification?
    let spent = try watch.measure { report = try verify() }
    let onCore = Double(clock() - begun) / 1e6
    let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
    let events = Double(report?.events ?? 0)
    print("verify-events-per-second\t\(events / onCore)\t\(report?.verdict.rawValue ?? "")")
    print("# verified \(Int(events)) events in \(seconds) s, \(onCore) s of a core, SQLite's own check included")
    for warning in report?.warnings ?? [] { print("# \(warning)") }
  }
}
