import Testing

@testable import Ledger

/// From the start of a change that failed to the end of what restored it.
struct RestorationTests {
  private static let minute: Int64 = 60_000

  /// The time to restore deployment 1.
  private func restoration(_ facts: [DeploymentFacts]) throws -> Restorer.Restoration {
    let judge = Judge(facts)
    let first = try #require(facts.first)
    return Restorer(facts, judge).restoration(of: first.deployment, judge.judge(first))
  }

  private static let cases: [(why: String, facts: [DeploymentFacts], expected: Restorer.Restoration)] = [
    ("nothing came after", [fact(1, .failed, hour: 0)], .notYet),
    (
      "the automatic rollback", [fact(1, .failed, hour: 0), fact(2, .succeeded, hour: 0.5, undoes: 1)],
      .after(milliseconds: 36 * minute)
    ),
    (
      "the next success", [fact(1, .failed, hour: 0), fact(2, .failed, hour: 1), fact(3, .succeeded, hour: 2)],
      .after(milliseconds: 126 * minute)
    ),
    (
      "a success of another service is none",
      [fact(1, .failed, hour: 0), fact(2, .succeeded, ["db"], hour: 1), fact(3, .succeeded, ["db", "web"], hour: 2)],
      .after(milliseconds: 126 * minute)
    ),
    (
      "each service by a success of its own",
      [
        fact(1, .failed, ["db", "web"], hour: 0), fact(2, .succeeded, ["web"], hour: 1),
        fact(3, .succeeded, ["db"], hour: 2), fact(4, .succeeded, ["db"], hour: 3),
      ], .after(milliseconds: 126 * minute)
    ),
    (
      "one of two services is not enough",
      [fact(1, .failed, ["db", "web"], hour: 0), fact(2, .succeeded, ["web"], hour: 1)], .notYet
    ),
    (
      "a rollback that removes a new service covers none, but undoes it",
      [fact(1, .failed, ["db", "web"], hour: 0), fact(2, .succeeded, ["web"], hour: 1, undoes: 1)],
      .after(milliseconds: 66 * minute)
    ),
    (
      "a success on another target is none",
      [fact(1, .failed, hour: 0), fact(2, .succeeded, on: "other", hour: 1)], .notYet
    ),
    (
      "a success that was undone has restored nothing",
      [fact(1, .failed, hour: 0), fact(2, .succeeded, hour: 1), fact(3, .succeeded, hour: 2, undoes: 2)],
      .after(milliseconds: 126 * minute)
    ),
    (
      "a success that was rolled back later", [fact(1, .succeeded, hour: 0), fact(2, .succeeded, hour: 48, undoes: 1)],
      .after(milliseconds: (48 * 60 + 6) * minute)
    ),
    (
      "the rollback failed, and the next deployment put it right",
      [
        fact(1, .succeeded, hour: 0), fact(2, .succeeded, ["web"], hour: 1), fact(3, .failed, hour: 2, undoes: 1),
        fact(4, .succeeded, hour: 3),
      ], .after(milliseconds: 186 * minute)
    ),
    (
      "the clock went back before it was restored",
      [fact(1, .failed, hour: 10), fact(2, .succeeded, hour: 1)], .notKnown
    ),
    (
      "which services failed is not known: any success",
      [fact(1, .failed, [], hour: 0), fact(2, .succeeded, ["db"], hour: 1)], .after(milliseconds: 66 * minute)
    ),
    ("one that is still running is no success", [fact(1, .failed, hour: 0), fact(2, nil, hour: 1)], .notYet),
  ]

  @Test(arguments: cases.indices)
  func `what restored it, and when`(index: Int) throws {
    let (why, facts, expected) = Self.cases[index]
    #expect(try restoration(facts) == expected, "\(why)")
  }
}
