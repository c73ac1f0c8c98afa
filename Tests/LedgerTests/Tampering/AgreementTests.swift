import Foundation
import TestSupport
import Testing

@testable import Ledger

/// The ledger that is tampered with. Its clock stands still, so several events have one time.
private let original = Task {
  let scratch = try Scratch()
  let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: Clock().now)
  try await ledger.fillCompletely()
  return scratch
}

/// One disagreement, made as small as it gets, in words.
private func disagreement(_ bench: Bench, _ parts: [Change]) async throws -> String? {
  let whole = parts.dropFirst().reduce(parts[0], +)
  let (own, independent) = try await bench.judge([whole])[0]
  guard own == nil || own != independent else { return nil }
  for index in parts.indices where parts.count > 1 {
    var fewer = parts
    fewer.remove(at: index)
    if let smaller = try await disagreement(bench, fewer) { return smaller }
  }
  func text(_ verdict: Verdict?) -> String { verdict?.rawValue ?? "something else" }
  return "\(whole.words): ktrdr says \(text(own)), the independent verifier \(text(independent)); \(whole)"
}

/// A known seed, which KTRDR_SEED sets, and one that is new each time.
@Test(arguments: [seed, UInt64.random(in: 100 ... .max)])
func `both verifiers agree on every tampering`(_ seed: UInt64) async throws {
  let bench = try Bench(try await original.value.path)
  var random = SeededGenerator(seed: seed)
  let kinds = Place.all(&random).flatMap(\.changes) + OtherChanges.all
  #expect(kinds.count > 700)
  // Some kinds alone, or all of them with THOROUGH=1, and several at once.
  var cases = kinds.shuffled(using: &random).prefix(isThorough ? kinds.count : 60).map { [$0] }
  cases += (0..<(isThorough ? 30 : 15)).map { _ in
    (0..<Int.random(in: 2...3, using: &random)).compactMap { _ in kinds.randomElement(using: &random) }
  }
  print("seed \(seed), \(cases.count) cases of \(kinds.count) kinds")
  // What SQLite does not accept changes nothing, and both must say so too.
  let wholes = cases.map { parts in parts.dropFirst().reduce(parts[0], +) }
  var seen: [Verdict: Int] = [:]
  for (parts, (own, independent)) in zip(cases, try await bench.judge(wholes)) {
    if let own { seen[own, default: 0] += 1 }
    guard own == nil || own != independent else { continue }
    // Of several kinds at once, which one a verifier meets first is its own affair, as long as neither proves anything.
    if parts.count > 1, let own, own != .proven, independent != .proven { continue }
    let smallest = try await disagreement(bench, parts)
    Issue.record("seed \(seed): \(smallest ?? "not again: \(parts.map(\.words))")")
  }
  print("seed \(seed): \(seen)")
  // Agreement would mean nothing if everything were damaged.
  #expect(seen[.proven, default: 0] > 0 && seen[.damaged, default: 0] > 0)
}

@Test func `an altered value is found in every column of every table`() async throws {
  let bench = try Bench(try await original.value.path)
  var random = SeededGenerator(seed: seed)
  let places = Place.all(&random)
  #expect(places.count == Int(Column.count) + 7)
  for (place, verdicts) in zip(places, try await bench.judge(places.map(\.control))) {
    #expect(verdicts == (.damaged, .damaged), "\(place.control.words)")
  }
}

@Test func `what changes nothing that is promised stays proven`() async throws {
  let bench = try Bench(try await original.value.path)
  let changes = [
    Change(words: "nothing"), Change(words: "no hash", rehash: false),
    Change(words: "VACUUM", rehash: false, schema: ["VACUUM"]),
    Change(words: "another operator", rows: ["UPDATE event SET operator = 'eve' WHERE type = 'started'"]),
  ]
  for (change, verdicts) in zip(changes, try await bench.judge(changes)) {
    #expect(verdicts == (.proven, .proven), "\(change.words)")
  }
}
