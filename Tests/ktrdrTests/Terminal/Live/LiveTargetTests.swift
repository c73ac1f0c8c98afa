import Ledger
import Testing

@testable import Deployer
@testable import ktrdr

let noon = ContinuousClock.now

extension LiveTarget {
  /// A target of which this was reported, each so many seconds after noon.
  init(_ name: String, _ reports: [(Double, Progress)] = [], ended outcome: Fleet.Outcome? = nil) {
    self.init(name)
    for (seconds, progress) in reports { take(progress, at: noon + .seconds(seconds)) }
    if let outcome { end(outcome, at: noon + .seconds(reports.last?.0 ?? 0)) }
  }
}

/// A deployment that ended so.
func ended(_ outcome: Ledger.Outcome, _ reason: String? = nil) -> Fleet.Outcome {
  var end = DeploymentEnd.failed("")
  (end.outcome, end.reason) = (outcome, reason)
  return .success(DeployResult(4, end))
}

struct LiveTargetTests {
  typealias Entry = LiveTarget.Entry

  private static let pull = Entry.step("pull", succeeded: true, took: .milliseconds(100))

  @Test func `each report moves it on: the host, the steps, and what is waited for`() {
    var target = LiveTarget("core")
    #expect(target.stage == .waiting && target.activity == nil)
    let backend = [PendingService("backend", .starting)]
    let table: [(Progress, String?, LiveTarget.Activity.Detail, Int)] = [
      (.waiting("ana deploys"), "waiting: ana deploys", .none, 0),
      (.checking(host: "core.example.org"), "checking core.example.org", .none, 0),
      (.fetching(item: "homelab"), "fetching secrets", .none, 0),
      (.warning("mind the gap"), "fetching secrets", .none, 0),
      (.started(deployment: 4), "locking the host", .none, 0),
      (.stepBegan(.login), "login", .none, 0), (.stepEnded(.login, status: 0, milliseconds: 40), nil, .none, 0),
      (.stepBegan(.pull), "pull", .none, 0),
      (.pulling(PullBytes(fetched: 1, total: 2)), "pull", .bytes(PullBytes(fetched: 1, total: 2)), 0),
      (.output("backend Pulled"), "pull", .bytes(PullBytes(fetched: 1, total: 2)), 0),
      (.stepEnded(.pull, status: 0, milliseconds: 100), nil, .none, 1),
      (.pulling(PullBytes(fetched: 2, total: 2)), nil, .none, 1),
      (.stepBegan(.health), "health", .none, 1),
      (.awaitingHealth(backend, limit: .seconds(20)), "health", .health(backend, limit: .seconds(20)), 1),
      (.stepEnded(.health, status: 1, milliseconds: 20_000), nil, .none, 2),
      (.recovering(deployment: 4), nil, .none, 3),
      (.stepBegan(.config), "config", .none, 3),
    ]
    for (progress, activity, detail, entries) in table {
      target.take(progress, at: noon)
      #expect(target.activity?.name == activity && target.activity?.detail ?? .none == detail, "\(progress)")
      #expect(target.entries.count == entries && target.stage == .running, "\(progress)")
    }
    #expect(target.entries == [Self.pull, .step("health", succeeded: false, took: .seconds(20)), .rollback])
  }

  @Test func `a step that is done several times in a row is one, as it ended last`() {
    let reports: [Progress] = [
      .stepEnded(.pull, status: 1, milliseconds: 100), .stepEnded(.pull, status: 0, milliseconds: 200),
      .recovering(deployment: 4), .stepEnded(.pull, status: 0, milliseconds: 100),
    ]
    let target = LiveTarget("core", reports.map { (0, $0) })
    #expect(target.entries == [.step("pull", succeeded: true, took: .milliseconds(300)), .rollback, Self.pull])
  }

  @Test func `of the steps that say nothing of the services only a failure is shown`() {
    let ends: [Progress] = [.login, .logs].flatMap { step in
      [0, 1].map { .stepEnded(step, status: $0, milliseconds: 0) }
    }
    let target = LiveTarget("core", ends.map { (0, $0) })
    #expect(
      target.entries == [.step("login", succeeded: false, took: .zero), .step("logs", succeeded: false, took: .zero)])
  }

  @Test func `what was going on fails with the deployment, and what comes later changes nothing`() {
    var target = LiveTarget("core", [(0, .checking(host: "h")), (2, .warning(""))], ended: .failure(.stopped))
    #expect(target.entries == [.step("checking h", succeeded: false, took: .seconds(2))])
    #expect(target.stage == .over(OutcomeWords(.failure(.stopped))))
    let before = target
    target.take(.stepBegan(.up), at: noon)
    #expect(target == before)
  }

  @Test(arguments: [
    (ended(.succeeded), "succeeded", Color.green, nil), (ended(.failed, "why"), "failed", .red, "why"),
    (ended(.cancelled), "cancelled", .red, nil),
    (.failure(.skipped(reason: "the canary did not succeed")), "not started", .yellow, "the canary did not succeed"),
    (.failure(.locked(holder: "locked by ana")), "refused", .red, "locked by ana"),
  ])
  func `each end has a word`(outcome: Fleet.Outcome, word: String, color: Color, reason: String?) {
    let words = OutcomeWords(outcome)
    #expect(words.word == word && words.color == color && words.reason == reason)
  }
}
