import Ledger
import Platform
import Testing

@testable import Deployer

struct EndingTests {
  private func step(_ name: String, status: Int32?, output: [String] = []) -> FinishedStep {
    FinishedStep(name: name, startedAt: Date(), milliseconds: 1, status: status, output: output)
  }

  private func watched(_ verdict: Health, _ last: Observation = .of()) -> HealthWatch.Result {
    HealthWatch.Result(verdict: verdict, last: last, step: step("health", status: verdict == .healthy ? 0 : 1))
  }

  @Test func `healthy and up done is success`() throws {
    #expect(watched(.healthy).ending(upFailure: nil, plan: try .core()) == .succeeded)
  }

  @Test func `a failed up and an unhealthy service are both told`() throws {
    let sick = watched(.unhealthy(service: "db", container: nil, reason: "db has no container"))
    let failed = step("up", status: 1, output: ["dependency failed to start"])
    #expect(
      sick.ending(upFailure: failed, plan: try .core())
        == .failed("up failed with status 1: dependency failed to start; db has no container"))
  }

  @Test(arguments: [
    (["network x declared as external", "  "], "up failed with status 17: network x declared as external"),
    ([], "up failed with status 17: no output"),
  ])
  func `a failed up gives its last words`(output: [String], reason: String) throws {
    let failed = step("up", status: 17, output: output)
    #expect(watched(.healthy).ending(upFailure: failed, plan: try .core()) == .failed(reason))
  }

  @Test func `time that is up is told with the time`() throws {
    #expect(watched(.pending).ending(upFailure: nil, plan: try .core()) == .failed("not healthy after 1m30s"))
  }

  private static let outcomes: [(Int32?, String)] = [(0, "succeeded"), (1, "failed"), (nil, "unknown")]

  @Test(arguments: outcomes)
  func `a step without a known end is unknown`(status: Int32?, outcome: String) {
    #expect(step("up", status: status).outcome.rawValue == outcome)
  }

  @Test func `a second look that finds the new tag healthy is success, and says how it was found`() throws {
    let seen = watched(.healthy, .of(.of("backend")))
    let ending = Reconciliation.judge(seen, cut: "cut", plan: try .core())
    #expect(ending.outcome == .succeeded)
    #expect(ending.reason?.contains("a second look found everything up and healthy") == true)
  }

  @Test func `a second look that finds another tag is failure, however healthy`() throws {
    let old = watched(.healthy, .of(.of("backend", reference: "ghcr.io/u/b:sha-0000000")))
    #expect(Reconciliation.judge(old, cut: "cut", plan: try .core()).outcome == .failed)
    let others = watched(.healthy, .of(.of("mcp"), .of("backend", reference: "ghcr.io/u/b:sha-0000000")))
    #expect(Reconciliation.judge(others, cut: "cut", plan: try .core()).outcome == .failed)
    #expect(Reconciliation.judge(others, cut: "cut", plan: try .core(services: [])).outcome == .succeeded)
  }

  @Test func `a second look that finds a sick service is failure with its reason`() throws {
    let sick = watched(.unhealthy(service: "backend", container: "c1", reason: "backend stopped with exit status 3"))
    let ending = Reconciliation.judge(sick, cut: "cut", plan: try .core())
    #expect(ending.outcome == .failed)
    #expect(ending.reason?.hasSuffix("backend stopped with exit status 3") == true)
    #expect(Reconciliation.judge(watched(.pending), cut: "cut", plan: try .core()).outcome == .failed)
  }
}
