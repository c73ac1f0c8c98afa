import Ledger
import Platform
import Testing

@testable import Deployer

/// The command that `status` names, for services whose verdicts are given.
struct NextStepTests {
  private func steps(_ status: TargetStatus, isBusy: Bool = false) -> [String] {
    status.nextSteps(isBusy: isBusy).map(\.line)
  }

  @Test func `an image that should not run is answered with the deployment to go back to`() throws {
    for verdict in [Verdict.drifted, .unhealthy, .stopped, .missing] {
      let services = [service("backend", verdict, runs: verdict == .missing ? nil : "sha-0bad0ba")]
      #expect(steps(try status("core", services)) == ["ktrdr rollback core backend --to 2"])
      // What another ledger's deployment left is not to be taken away.
      var foreign = try status("core", services)
      foreign.isCertain = false
      #expect(steps(foreign) == [])
    }
  }

  @Test func `a rollback that did not succeed is ended by another one, not taken back`() throws {
    let services = [service("backend", .drifted, runs: "sha-0bad0ba")] + good(["db"])
    var half = try status("core", services)
    half.outlook = RollbackOutlook(endsRollback: true)
    #expect(steps(half) == ["ktrdr rollback core"])
    half.isRollbackStuck = true
    #expect(steps(half) == ["ktrdr rollback core, or forward again: ktrdr rollback core backend --to 2"])
    // On the image that should run, nothing is half done.
    half.services = [service("backend", .stopped, since: 5, runs: "sha-0992ae0")]
    #expect(steps(half) == ["ktrdr rollback core backend --to 5"])
  }

  @Test func `a rollback that did not succeed is ended for one service, whatever was deployed to others since`() throws
  {
    let services = [
      service("app", .drifted, runs: "sha-0bad0ba"), service("proxy", .drifted, since: 3, runs: "sha-0bad0ba"),
    ]
    var half = try status("core", services)
    half.halfRolledBack = ["app"]
    #expect(steps(half) == ["ktrdr rollback core app", "ktrdr rollback core proxy --to 3"])
  }

  @Test func `what is of another repository than the files' goes back by the deployment's number alone`() throws {
    var services = [service("backend", .drifted, runs: "sha-0bad0ba")] + good(["db"])
    services[0].isOfOtherRepository = true
    var half = try status("core", services)
    half.outlook = RollbackOutlook(endsRollback: true)
    half.halfRolledBack = ["backend"]
    #expect(steps(half) == ["ktrdr rollback core backend --to 2"])
  }

  private func image(_ tag: String) -> ImageIdentity {
    ImageIdentity(reference: "r/x:\(tag)", id: "sha256:\(tag)ffffffffffff")
  }

  @Test func `the plain rollback is named where it leads to what should run, and takes away what is new`() throws {
    let services = [service("app", .drifted, runs: "sha-0bad0ba"), service("db", .stopped, runs: "sha-0992ae0")]
    let new = service("new", .unrecorded, should: nil, runs: "sha-0bad0ba")
    var failed = try status("core", services + [new])
    let right = RollbackOutlook(images: ["app": image("sha-0992ae0"), "db": image("sha-0992ae0")], removed: ["new"])
    failed.outlook = right
    #expect(steps(failed) == ["ktrdr rollback core"])
    // What it does not cover comes after it.
    failed.services.append(service("cache", .missing, since: 3))
    #expect(steps(failed) == ["ktrdr rollback core", "ktrdr rollback core cache --to 3"])
    failed.outlook = RollbackOutlook(removed: ["new"])
    failed.services = good(["app"]) + [new]
    #expect(steps(failed) == ["ktrdr rollback core"])
    failed.outlook = nil
    #expect(steps(failed) == [])
  }

  @Test func `a plain rollback that leads elsewhere is not named`() throws {
    let services = [service("app", .drifted, runs: "sha-0bad0ba")] + good(["db"])
    for outlook in [
      RollbackOutlook(images: ["app": image("sha-1234567")]),
      RollbackOutlook(images: ["app": image("sha-0992ae0"), "db": image("sha-1234567")]),
      RollbackOutlook(images: ["app": image("sha-0992ae0")], removed: ["db"]),
      RollbackOutlook(images: ["app": image("sha-0992ae0")], isPartial: true), RollbackOutlook(),
    ] {
      var drifted = try status("core", services)
      drifted.outlook = outlook
      #expect(steps(drifted) == ["ktrdr rollback core app --to 2"], "\(outlook)")
    }
  }

  @Test func `what ran before the first deployment is gone back to if there is a way`() throws {
    var first = try status("core", [service("new", .unrecorded, should: nil, runs: "sha-0bad0ba")])
    #expect(steps(first).first?.hasSuffix("--dry-run") == true)
    first.outlook = RollbackOutlook(images: ["new": image("sha-1234567")])
    #expect(steps(first) == ["ktrdr rollback core"])
  }

  @Test func `what others wait for comes first`() throws {
    let services = [service("app", .missing, since: 3, runs: nil), service("db", .missing, since: 2, runs: nil)]
    var down = try status("core", services)
    #expect(steps(down) == ["ktrdr rollback core app --to 3", "ktrdr rollback core db --to 2"])
    down.needs = ["app": ["db"]]
    #expect(steps(down) == ["ktrdr rollback core db --to 2", "ktrdr rollback core app --to 3"])
    // What needs both is of the same deployment as the first of them.
    down.services.append(service("tail", .missing, since: 2, runs: nil))
    down.needs["tail"] = ["app", "db"]
    #expect(
      steps(down) == [
        "ktrdr rollback core db --to 2", "ktrdr rollback core app --to 3", "ktrdr rollback core tail --to 2",
      ])
  }

  @Test func `what shares the network of another one goes along with it`() throws {
    let services = [
      service("app", .stopped, since: 3, runs: "sha-0992ae0"), service("vpn", .stopped, since: 2, runs: "sha-0992ae0"),
    ]
    var down = try status("core", services)
    down.needs = ["app": ["vpn"]]
    #expect(steps(down) == ["ktrdr rollback core vpn --to 2", "ktrdr rollback core app --to 3"])
    down.goesWith = ["app": ["vpn"]]
    #expect(steps(down) == ["ktrdr rollback core vpn --to 2"])
    // It would not get another image, and nothing starts what has no container.
    for alone in [
      service("app", .drifted, since: 3, runs: "sha-0bad0ba"), service("app", .missing, since: 3, runs: nil),
    ] {
      down.services = [alone, service("vpn", .stopped, since: 2, runs: "sha-0992ae0")]
      #expect(steps(down) == ["ktrdr rollback core vpn --to 2", "ktrdr rollback core app --to 3"])
    }
  }

  @Test func `a container that stopped is started on its image, whatever its tag means by now`() throws {
    let services = [service("backend", .stopped, since: 5, runs: "sha-0992ae0")] + good(["db"])
    #expect(steps(try status("core", services)) == ["ktrdr rollback core backend --to 5"])
  }

  @Test func `what fails on good images with other compose files needs a person`() throws {
    for verdict in [Verdict.stopped, .unhealthy] {
      var failed = try status("core", [service("backend", verdict, since: 5, runs: "sha-0992ae0")] + good(["db"]))
      failed.goodWithOtherFiles = 5
      #expect(
        steps(failed) == [
          "correct the compose file on \(failed.target.host), which has changed since deployment 5, and deploy again"
        ])
      // What runs another image goes back all the same.
      failed.services.append(service("app", .drifted, runs: "sha-0bad0ba"))
      #expect(steps(failed).last == "ktrdr rollback core app --to 2")
    }
  }

  @Test func `what stopped is started by the rollback that others need anyway`() throws {
    let services = [
      service("app", .stopped, runs: "sha-0bad0ba"), service("proxy", .stopped, runs: "sha-0992ae0"),
    ]
    #expect(steps(try status("core", services)) == ["ktrdr rollback core app proxy --to 2"])
  }

  @Test func `a container without its secret is on the right image, so a deployment of that version helps`() throws {
    var bare = service("backend", .drifted, runs: "sha-0992ae0")
    bare.running?.missingSecrets = ["DB_PASSWORD"]
    var other = service("db", .drifted, since: 3, runs: "x")
    other.running?.missingSecrets = ["POSTGRES_PASSWORD"]
    #expect(
      steps(try status("core", [bare, other])) == [
        "ktrdr deploy core backend --tag sha-0992ae0", "ktrdr rollback core db --to 3",
      ])
  }

  @Test func `services of several deployments have a command for each, the newest first`() throws {
    let services = [
      service("backend", .drifted, since: 9, runs: "x"), service("db", .missing), service("mcp", .missing),
    ]
    #expect(
      steps(try status("core", services)) == [
        "ktrdr rollback core backend --to 9", "ktrdr rollback core db mcp --to 2",
      ])
  }

  @Test func `where no command would help, there is none`() throws {
    for services in [
      good(["backend"]), [service("backend", .unhealthy, runs: "sha-0992ae0")],
      [service("backend", .orphaned, should: nil, runs: "x")] + good(["db"]),
      [service("backend", .unrecorded, should: nil, runs: "x")] + good(["db"]),
      [service("migrate", .completed, runs: "sha-0992ae0")],
    ] {
      #expect(steps(try status("core", services)).isEmpty, "\(services.map(\.verdict))")
    }
    let problem = Problem(.host, "it does not answer", nextStep: nil)
    #expect(steps(try status("core", [], error: problem)).isEmpty)
    #expect(steps(try status("core", [service("backend", .missing)]), isBusy: true).isEmpty)
  }

  @Test func `a name that a shell would take for something else is in no command`() throws {
    let services = [service("x;reboot", .missing), service("$(id)", .stopped, runs: "y"), service("db", .missing)]
    #expect(steps(try status("core", services)) == ["ktrdr rollback core db --to 2"])
  }

  @Test func `what was never deployed is deployed; if something runs there, the plan comes first`() throws {
    #expect(steps(try status("core", [])) == ["ktrdr deploy core"])
    let services = [service("backend", .unrecorded, should: nil, runs: "x")]
    #expect(steps(try status("core", services)) == ["ktrdr deploy core --dry-run"])
    // Taking over what runs replaces nothing.
    var running = try status("core", services)
    running.runningTag = try ImageTag("main-653eaa3")
    #expect(steps(running) == ["ktrdr deploy core --tag main-653eaa3 --dry-run"])
  }

  @Test func `a service that the inventory does not let deploy alone is in no command`() throws {
    var found = try status("core", [service("backend", .missing), service("db", .missing)])
    found.target.services = [try ServiceName("db")]
    #expect(steps(found) == ["ktrdr rollback core db --to 2"])
  }
}
