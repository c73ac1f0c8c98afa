import Ledger
import Platform
import Testing

@testable import Deployer
@testable import Fakes

struct DeploymentEndTests {
  private func step(_ name: StepName, status: Int32?, output: [String] = []) -> FinishedStep {
    FinishedStep(name: name, startedAt: Date(), milliseconds: 1, status: status, output: output)
  }

  private func watched(_ verdict: Health, _ last: Observation = .of()) -> HealthReport {
    HealthReport(verdict: verdict, last: last, step: step(.health, status: verdict == .healthy ? 0 : 1))
  }

  @Test func `healthy and up done is success`() throws {
    #expect(watched(.healthy).end(upFailure: nil, plan: try .core()) == .succeeded)
  }

  @Test func `a failed up and an unhealthy service are both told`() throws {
    let sick = watched(.unhealthy(service: "db", container: nil, reason: "db has no container"))
    let failed = step(.up, status: 1, output: ["dependency failed to start"])
    #expect(
      sick.end(upFailure: failed, plan: try .core())
        == .failed("up failed with status 1: dependency failed to start; db has no container"))
  }

  @Test(arguments: [
    (["network x declared as external", "  "], "up failed with status 17: network x declared as external"),
    ([], "up failed with status 17: no output"),
  ])
  func `a failed up gives its last words`(output: [String], reason: String) throws {
    let failed = step(.up, status: 17, output: output)
    #expect(watched(.healthy).end(upFailure: failed, plan: try .core()) == .failed(reason))
  }

  @Test func `time that is up is told with the time`() throws {
    #expect(watched(.pending).end(upFailure: nil, plan: try .core()) == .failed("not healthy after 1m30s"))
  }

  @Test func `what is not running in the end is known, if the end was seen; a job that is done is not missed`() {
    let project = ComposeProject(name: "s", services: [ComposeService(name: "migrate"), ComposeService(name: "web")])
    var end = DeploymentEnd(outcome: .failed, reason: "up failed")
    end.before = .of(.of("web", state: "exited"))
    #expect(end.notRunning(in: project) == [])
    var server = Observation.Container.of("web", id: "w", state: "exited")
    server.restartPolicy = "always"
    var job = Observation.Container.of("migrate", id: "m", state: "exited")
    job.restartPolicy = "no"
    end.after = .of(
      server, .of("api", id: "a1", state: "created"), .of("api", id: "a2"), .of("db", id: "d", state: "created"),
      job, .of("worker", id: "x", state: "restarting"))
    #expect(end.notRunning(in: project) == ["api (1 of 2)", "db", "web"])
  }

  private static let outcomes: [(Int32?, String)] = [(0, "succeeded"), (1, "failed"), (nil, "unknown")]

  @Test(arguments: outcomes)
  func `a step without a known end is unknown`(status: Int32?, outcome: String) {
    #expect(step(.up, status: status).outcome.rawValue == outcome)
  }

  @Test func `a reconnection that finds the new tag healthy is success, and says how it was found`() throws {
    let seen = watched(.healthy, .of(.of("backend")))
    let end = Reconciliation.judge(seen, plan: try .core())
    #expect(end.outcome == .succeeded)
    #expect(end.reason?.contains("on reconnecting, every service was up and healthy") == true)
  }

  @Test func `a reconnection that finds another tag is failure, however healthy`() throws {
    let old = watched(.healthy, .of(.of("backend", reference: "ghcr.io/u/b:sha-0000000")))
    let end = Reconciliation.judge(old, plan: try .core())
    #expect(end.outcome == .failed)
    #expect(end.reason?.hasSuffix("backend runs ghcr.io/u/b:sha-0000000, not ghcr.io/u/b:sha-a1b2c3d") == true)
    let others = watched(.healthy, .of(.of("mcp"), .of("backend", reference: "ghcr.io/u/b:sha-0000000")))
    #expect(Reconciliation.judge(others, plan: try .core()).outcome == .failed)
    #expect(Reconciliation.judge(others, plan: try .core(services: [])).outcome == .failed)
  }

  @Test func `a reconnection that finds a sick service is failure with its reason`() throws {
    let sick = watched(.unhealthy(service: "backend", container: "c1", reason: "backend stopped with exit status 3"))
    let end = Reconciliation.judge(sick, plan: try .core())
    #expect(end.outcome == .failed)
    #expect(end.reason?.hasSuffix("backend stopped with exit status 3") == true)
    #expect(Reconciliation.judge(watched(.pending), plan: try .core()).outcome == .failed)
  }
}
