import Testing

@testable import Ledger

struct JudgementTests {
  private func judgements(_ facts: [DeploymentFacts]) -> [Judgement] {
    let judge = Judge(facts)
    return facts.map(judge.judge)
  }

  @Test(
    arguments: [
      // The step `up` was begun: something may have changed.
      (.succeeded, ["changing", "up"], .good), (.failed, ["changing", "up"], .failed),
      (.failed, ["changing", "scale-down"], .failed), (.cancelled, ["changing", "up"], .notKnown),
      (.interrupted, ["changing"], .notKnown), (.unknown, ["changing"], .notKnown),
      (nil, ["changing", "up"], .running),
      // It was not.
      (.failed, ["login", "pull"], .changedNothing), (.failed, ["changing"], .changedNothing),
      (.failed, [], .changedNothing), (.cancelled, ["pull"], .changedNothing),
      (.interrupted, ["pull"], .changedNothing),
      (.unknown, [], .changedNothing), (nil, [], .running),
      // An early ledger may have recorded no steps of a success.
      (.succeeded, [], .good),
    ] as [(Outcome?, [String], Judgement)])
  func `one deployment by itself`(outcome: Outcome?, steps: [String], expected: Judgement) {
    #expect(judgements([fact(1, outcome, hour: 0, steps: steps)]) == [expected])
  }

  @Test(
    arguments: [
      (.succeeded, .rolledBack(by: 2)), (.cancelled, .rolledBack(by: 2)), (.interrupted, .rolledBack(by: 2)),
      (.unknown, .rolledBack(by: 2)), (.failed, .failed), (nil, .running),
    ] as [(Outcome?, Judgement)])
  func `a deployment that a rollback undid`(outcome: Outcome?, expected: Judgement) {
    let facts = [fact(1, outcome, hour: 0), fact(2, .succeeded, hour: 1, undoes: 1)]
    #expect(judgements(facts) == [expected, .rollback])
  }

  @Test func `a rollback that failed on the host has undone it too, one that never got there has not`() {
    let reached = fact(2, .failed, hour: 1, undoes: 1)
    let refused = fact(2, .failed, hour: 1, undoes: 1, steps: ["login"])
    #expect(judgements([fact(1, .succeeded, hour: 0), reached])[0] == .rolledBack(by: 2))
    #expect(judgements([fact(1, .succeeded, hour: 0), refused])[0] == .good)
  }

  @Test func `of several rollbacks the first one counts, and one that undoes nothing on record undoes nothing`() {
    let facts = [
      fact(1, .succeeded, hour: 0), fact(2, .failed, hour: 1, undoes: 1), fact(3, .succeeded, hour: 2, undoes: 1),
      fact(4, .succeeded, hour: 3), fact(5, .succeeded, hour: 4, isRollback: true),
    ]
    #expect(judgements(facts) == [.rolledBack(by: 2), .rollback, .rollback, .good, .rollback])
  }
}
