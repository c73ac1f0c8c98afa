import Platform
import Testing

@testable import Ledger

struct StatisticsTests {
  @Test func `a rollback is no deployment, and one that changed nothing is none either`() {
    let found = figures([
      fact(1, .succeeded, hour: 1), fact(2, .succeeded, hour: 2, changedImage: false), fact(3, .failed, hour: 3),
      fact(4, .succeeded, hour: 4, undoes: 3), fact(5, .failed, hour: 5, steps: ["pull"]),
      fact(6, .cancelled, hour: 6), fact(7, .unknown, hour: 7), fact(8, nil, hour: 8),
      fact(9, .succeeded, hour: 9, changedImage: nil),
    ])
    #expect(found.deployments == 3 && found.unchanged == 1 && found.rollbacks == 1)
    #expect(found.changes == 4 && found.failed == 1 && found.rolledBack == 0)
    #expect(found.notKnown == 2 && found.changedNothing == 1 && found.running == 1)
    #expect(found.deploymentsPerWeek.map { ($0 * 1000).rounded() } == 1000 && found.changeFailureRate == 0.25)
  }

  @Test func `a period of less than a week has no weekly figure`() {
    let facts = [fact(1, .succeeded, hour: 1)]
    #expect(figures(facts, in: monday...monday.addingTimeInterval(7 * 86_400 - 1)).deploymentsPerWeek == nil)
    // Until the last millisecond of Sunday.
    #expect(figures(facts, in: monday...monday.addingTimeInterval(7 * 86_400 - 0.001)).deploymentsPerWeek == 1)
  }

  @Test func `without a change there is no rate, and without a success no duration`() {
    let found = figures([fact(1, .failed, hour: 1, steps: ["pull"])])
    #expect(found.changeFailureRate == nil && found.timeToRestore == nil && found.duration == nil)
    #expect(found.deploymentsPerWeek == 0 && found.steps.isEmpty)
  }

  @Test func `what happens after the period says how it turned out, but is not counted`() {
    let period = monday...monday.addingTimeInterval(3600)
    let found = figures(
      [
        fact(1, .succeeded, hour: -1), fact(2, .succeeded, hour: 0), fact(3, .failed, hour: 1),
        fact(4, .succeeded, hour: 1.5), fact(5, .succeeded, hour: 30, undoes: 2),
      ], in: period)
    #expect(found.deployments == 1 && found.rolledBack == 1 && found.failed == 1 && found.rollbacks == 0)
    // 3 by 4, 2 by 5.
    #expect(found.timeToRestore == Spread(count: 2, medianMS: 36 * 60_000, p90MS: (30 * 60 + 6) * 60_000))
    #expect(found.notRestored == 0)
  }

  @Test func `a batch counts on each of its targets, and over all once for each`() {
    let found = Statistics(
      of: [
        fact(1, .succeeded, on: "b", hour: 1), fact(2, .failed, on: "a", hour: 1),
        fact(3, .succeeded, on: "b", hour: 2),
      ],
      in: threeWeeks)
    #expect(found.targets.map(\.name) == ["a", "b"])
    #expect(found.targets.map(\.figures.deployments) == [0, 2] && found.all.deployments == 2)
    #expect(found.targets.map(\.figures.changeFailureRate) == [1, 0] && found.all.changes == 3)
    let one = Statistics(of: [fact(1, .succeeded, on: "b", hour: 1)], in: threeWeeks, targets: ["a"])
    #expect(one.targets.isEmpty && one.all.deployments == 0)
  }

  @Test func `times to restore that are not known are counted, not guessed`() {
    let found = figures([
      fact(1, .failed, hour: 10), fact(2, .succeeded, hour: 5), fact(3, .failed, hour: 11),
    ])
    #expect(found.restoreNotKnown == 1 && found.notRestored == 1 && found.timeToRestore == nil)
  }

  @Test func `a step that a deployment has twice counts once, and steps of failures do not count`() {
    let slow = DeploymentFacts.StepTime(name: "login", durationMS: 4000)
    var first = fact(1, .succeeded, hour: 1, steps: ["login", "pull", "changing", "up"])
    first.steps.append(slow)
    first.steps.append(.init(name: "pull", durationMS: 9000, outcome: .failed))
    let second = fact(2, .succeeded, hour: 2, steps: ["login", "config", "up", "health"])
    let found = figures([first, second, fact(3, .failed, hour: 3, steps: ["logs", "up"])])
    #expect(found.steps.map(\.name) == ["login", "config", "pull", "up", "health"])
    #expect(found.steps[0].spread == Spread(count: 2, medianMS: 1000, p90MS: 5000))
    #expect(found.steps[2].spread == Spread(count: 1, medianMS: 1000, p90MS: 1000))
    #expect(found.duration == Spread(count: 2, medianMS: 360_000, p90MS: 360_000))
  }

  @Test func `a ledger speaks of no time before its first deployment, and of none after now`() {
    func day(_ number: Double) -> Date { monday.addingTimeInterval(number * 86_400) }
    func observed(_ since: Double?, _ until: Double?) -> ClosedRange<Date>? {
      Statistics.observed(
        since: since.map(day), until: until.map(day), firstDeployment: day(10), now: day(20))
    }
    #expect(observed(nil, nil) == day(10)...day(20))
    #expect(observed(1, 99) == day(10)...day(20))
    #expect(observed(12, 13) == day(12)...day(13))
    #expect(observed(1, 9) == nil && observed(21, nil) == nil)
  }
}
