import Ledger
import Platform
import Testing

@testable import Deployer
@testable import ktrdr

/// A service with a verdict: what should run since which deployment, and what runs. An image's id is made of its tag.
private func service(
  _ name: String, _ verdict: Verdict, should tag: String? = "sha-0992ae0", since id: Int64 = 2, runs: String? = nil,
  imageOf other: String? = nil, behind: Int? = nil
) -> ServiceStatus {
  let deployment = recorded(id, [name], tag)
  let image = ImageIdentity(reference: "r/x:\(tag ?? "")", id: "sha256:\(tag ?? "")ffffffffffff")
  let container = runs.map { tag in
    Observation.Container(
      service: name, id: "c", reference: "r/x:\(tag)", imageID: "sha256:\(other ?? tag)ffffffffffff",
      state: verdict == .stopped || verdict == .completed ? "exited" : "running", health: nil, restarts: 0, exitCode: 0,
      since: someTime.addingTimeInterval(-125).rfc3339)
  }
  return ServiceStatus(
    service: name, verdict: verdict,
    expected: tag.flatMap { _ in ExpectedImage(deployment, ImageRecord(service: name, after: image)) },
    running: container.map { RunningImage($0, digest: nil) }, commitsAhead: behind)
}

private func status(_ name: String, _ services: [ServiceStatus], error: Problem? = nil) throws -> TargetStatus {
  let target = Target(
    name: try TargetName(name), host: try HostName("\(name).ktrdr.lab"), directory: "/opt/\(name)")
  if let error { return TargetStatus(target, expected: [], error: error) }
  var status = TargetStatus(target, expected: [], seen: .nothing)
  status.services = services
  status.verdict = services.map(\.verdict).max() ?? .unrecorded
  return status
}

private func good(_ names: [String], behind: Int? = nil) -> [ServiceStatus] {
  names.map { service($0, .inSync, runs: "sha-0992ae0", behind: behind) }
}

func several() throws -> [TargetStatus] {
  [
    try status(
      "core",
      good(["db", "grafana", "jaeger", "mcp", "prometheus"]) + [service("backend", .unhealthy, runs: "sha-0bad0ba")]),
    try status("workers-b", good(["backtest-worker-1", "training-worker-1"], behind: 3)),
    try status(
      "workers-c", [],
      error: Problem(.host, "workers-c.ktrdr.lab refuses ssh connections", nextStep: "check that sshd is running")),
    try status(
      "gpu",
      [
        service("training-worker-gpu-of-the-second-generation", .drifted, runs: "sha-0992ae0", imageOf: "other"),
        service("migrate", .completed, runs: "sha-0992ae0"),
        service("old", .orphaned, should: nil, runs: "sha-1234567"),
        service("バックエンド", .missing), service("🚀", .stopped, since: 7, runs: "sha-0992ae0"),
      ] + good((1...12).map { "worker-\($0)" })),
    try status("new", []),
  ]
}

struct StatusReportTests {
  private func lines(
    _ targets: [TargetStatus], _ width: Int, signs: Signs = .unicode, colors: Bool = false,
    times: TimeStyle = .relative
  ) -> [String] {
    let appearance = Appearance(width: width, hasColors: colors, signs: signs, now: someTime, times: times)
    return StatusReport(targets: targets, appearance: appearance).lines()
  }

  @Test func `at 80 columns what needs somebody comes first, the rest is one line`() throws {
    let shown = lines(Array(try several().prefix(3)), 80).joined(separator: "\n")
    #expect(
      shown == """
        core       core.ktrdr.lab       1 of 6 needs you
          ✗ backend  sha-0bad0ba, should be sha-0992ae0 (#2, ana)  unhealthy, up 2m
          ✓ 5 in sync  db grafana jaeger mcp prometheus
          next: ktrdr rollback core backend --to 2
        workers-b  workers-b.ktrdr.lab  2 in sync, 3 commits behind HEAD
        workers-c  unreachable: refuses ssh connections
        """)
  }

  @Test func `at 60 columns what should run goes below, and no tag is cut`() throws {
    let shown = lines(try several(), 60).joined(separator: "\n")
    #expect(
      shown == """
        core       1 of 6 needs you
          ✗ backend  sha-0bad0ba, should be sha-0992ae0  unhealthy
          ✓ 5 in sync  db grafana jaeger mcp prometheus
          next: ktrdr rollback core backend --to 2
        workers-b  2 in sync, 3 commits behind HEAD
        workers-c  unreachable: refuses ssh connections
        gpu        4 of 17 need you
          ✗ バックエンド                                  missing
            no container, should be sha-0992ae0 (#2, ana)
          ✗ 🚀                                            stopped
            sha-0992ae0 (#7, ana@example.org)
          ! training-worker-gpu-of-the-second-generation  drifted
            sha-0992ae0 otherfffffff, should be sha-0992ae0f (#2)
          ! old                                           orphaned
            sha-1234567
          ✓ 12 in sync  worker-1 worker-2 worker-3 worker-4 worker-5
                        worker-6 worker-7 worker-8 worker-9
                        worker-10 worker-11 worker-12
          ✓ 1 completed  migrate
          next: ktrdr rollback gpu training-worker-gpu-of-the-second-generation --to 2
        new        nothing recorded, nothing runs
          next: ktrdr deploy new
        """)
  }

  @Test func `without UTF-8 the signs are ASCII`() throws {
    let shown = lines(Array(try several().prefix(3)), 120, signs: .ascii, times: .utc).joined(separator: "\n")
    #expect(
      shown == """
        core       core.ktrdr.lab       1 of 6 needs you
          x backend  sha-0bad0ba, should be sha-0992ae0 (#2, ana@example.org)  unhealthy, up since 2026-11-28 11:57:55Z
          + 5 in sync  db grafana jaeger mcp prometheus
          next: ktrdr rollback core backend --to 2
        workers-b  workers-b.ktrdr.lab  2 in sync, 3 commits behind HEAD
        workers-c  unreachable: refuses ssh connections
        """)
  }

  @Test(arguments: [60, 80, 120, 200], [true, false])
  func `no line but a command is too wide, and every service is there with its tag`(width: Int, isUnicode: Bool) throws
  {
    let targets = try several()
    let plain = lines(targets, width, signs: isUnicode ? .unicode : .ascii)
    for line in plain where !line.hasPrefix("  next: ") { #expect(line.displayWidth <= width, "\(line)") }
    let text = plain.joined(separator: "\n")
    for target in targets {
      #expect(plain.contains { $0.hasPrefix("\(target.target.name) ") })
      for service in target.services where target.services.contains(where: { !$0.verdict.isGood }) {
        #expect(text.contains(service.service), "\(service.service)")
        #expect(text.contains(service.verdict.rawValue))
      }
    }
    let bright = lines(targets, width, signs: isUnicode ? .unicode : .ascii, colors: true)
    #expect(bright.map(\.unpainted) == plain && bright != plain)
  }

  @Test func `--wide has every column at any width`() throws {
    let appearance = Appearance(width: 60, signs: .unicode, now: someTime, times: .relative)
    let wide = StatusText.wide(try several(), in: appearance)
    #expect(wide.count == 1 + 6 + 2 + 1 + 17 + 1)
    #expect(StatusText.header.allSatisfy(wide[0].contains))
    #expect(wide[6].hasPrefix("core       backend"))
  }
}

struct NextStepTests {
  @Test func `an image that should not run is answered with the deployment to go back to`() throws {
    for verdict in [Verdict.drifted, .unhealthy, .stopped, .missing] {
      let services = [service("backend", verdict, runs: verdict == .missing ? nil : "sha-0bad0ba")]
      #expect(NextSteps.of(try status("core", services)) == ["ktrdr rollback core backend --to 2"])
      // What another ledger's deployment left is not to be taken away.
      var foreign = try status("core", services)
      foreign.isCertain = false
      #expect(NextSteps.of(foreign) == [])
    }
  }

  @Test func `a rollback that did not succeed is ended by another one, not taken back`() throws {
    let services = [service("backend", .drifted, runs: "sha-0bad0ba")] + good(["db"])
    var half = try status("core", services)
    half.isHalfRolledBack = true
    #expect(NextSteps.of(half) == ["ktrdr rollback core"])
    half.isRollbackStuck = true
    #expect(
      NextSteps.of(half) == ["ktrdr rollback core, or forward again: ktrdr rollback core backend --to 2"])
    // On the image that should run, nothing is half done.
    half.services = [service("backend", .stopped, since: 5, runs: "sha-0992ae0")]
    #expect(NextSteps.of(half).first?.hasPrefix("ktrdr deploy core backend") == true)
  }

  @Test func `a rollback that did not succeed is ended for one service, whatever was deployed to others since`() throws
  {
    let services = [
      service("app", .drifted, runs: "sha-0bad0ba"), service("proxy", .drifted, since: 3, runs: "sha-0bad0ba"),
    ]
    var half = try status("core", services)
    half.halfRolledBack = ["app"]
    #expect(NextSteps.of(half) == ["ktrdr rollback core app", "ktrdr rollback core proxy --to 3"])
  }

  @Test func `what is of another repository than the files' goes back by the deployment's number alone`() throws {
    var services = [service("backend", .drifted, runs: "sha-0bad0ba")] + good(["db"])
    services[0].isOfOtherRepository = true
    var half = try status("core", services)
    half.isHalfRolledBack = true
    half.halfRolledBack = ["backend"]
    #expect(NextSteps.of(half) == ["ktrdr rollback core backend --to 2"])
  }

  @Test func `after a failure on other images the plain rollback is named, which takes away what is new`() throws {
    var services = [service("app", .drifted, runs: "sha-0bad0ba"), service("db", .stopped, runs: "sha-0992ae0")]
    for index in services.indices { services[index].wasGoodBeforeFailure = true }
    #expect(NextSteps.of(try status("core", services)) == ["ktrdr rollback core"])
    services.append(service("cache", .missing, since: 3))
    #expect(
      NextSteps.of(try status("core", services)) == [
        "ktrdr rollback core cache --to 3", "ktrdr rollback core app db --to 2",
      ])
    var new = service("new", .unrecorded, should: nil, runs: "sha-0bad0ba")
    #expect(NextSteps.of(try status("core", good(["app"]) + [new])) == [])
    new.isChangedByFailure = true
    #expect(NextSteps.of(try status("core", good(["app"]) + [new])) == ["ktrdr rollback core"])
    #expect(NextSteps.of(try status("core", [new])) == ["ktrdr rollback core"])
  }

  @Test func `what others wait for comes first`() throws {
    let services = [service("app", .missing, since: 3, runs: nil), service("db", .missing, since: 2, runs: nil)]
    var down = try status("core", services)
    #expect(NextSteps.of(down) == ["ktrdr rollback core app --to 3", "ktrdr rollback core db --to 2"])
    down.ranks = ["app": 1, "db": 0]
    #expect(NextSteps.of(down) == ["ktrdr rollback core db --to 2", "ktrdr rollback core app --to 3"])
  }

  @Test func `what is paused is not started by a deployment`() throws {
    var paused = service("backend", .stopped, since: 5, runs: "sha-0992ae0")
    paused.running?.state = "paused"
    #expect(NextSteps.of(try status("core", [paused])) == ["ktrdr rollback core backend --to 5"])
  }

  @Test func `a container that stopped is started again by the deployment that it is from`() throws {
    let services = [service("backend", .stopped, since: 5, runs: "sha-0992ae0")] + good(["db"])
    let tag = try #require(services[0].expected?.deployment.start.tag)
    #expect(NextSteps.of(try status("core", services)) == ["ktrdr deploy core backend --tag \(tag)"])
    // What a rollback pinned has another name than the files', so a deployment would replace it as well.
    var pinned = services
    pinned[0].running?.reference += "@sha256:1"
    #expect(NextSteps.of(try status("core", pinned)) == ["ktrdr rollback core backend --to 5"])
  }

  @Test func `what stopped is started by the rollback that others need anyway`() throws {
    let services = [
      service("app", .stopped, runs: "sha-0bad0ba"), service("proxy", .stopped, runs: "sha-0992ae0"),
    ]
    #expect(NextSteps.of(try status("core", services)) == ["ktrdr rollback core app proxy --to 2"])
  }

  @Test func `a container without its secret is on the right image, so a deployment of that version helps`() throws {
    var bare = service("backend", .drifted, runs: "sha-0992ae0")
    bare.running?.missingSecrets = ["DB_PASSWORD"]
    var other = service("db", .drifted, since: 3, runs: "x")
    other.running?.missingSecrets = ["POSTGRES_PASSWORD"]
    #expect(
      NextSteps.of(try status("core", [bare, other])) == [
        "ktrdr deploy core backend --tag sha-0992ae0", "ktrdr rollback core db --to 3",
      ])
  }

  @Test func `services of several deployments have a command for each, the newest first`() throws {
    let services = [
      service("backend", .drifted, since: 9, runs: "x"), service("db", .missing), service("mcp", .missing),
    ]
    #expect(
      NextSteps.of(try status("core", services)) == [
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
      #expect(NextSteps.of(try status("core", services)).isEmpty, "\(services.map(\.verdict))")
    }
    let problem = Problem(.host, "it does not answer", nextStep: nil)
    #expect(NextSteps.of(try status("core", [], error: problem)).isEmpty)
    #expect(NextSteps.of(try status("core", [service("backend", .missing)]), isBusy: true).isEmpty)
  }

  @Test func `a name that a shell would take for something else is in no command`() throws {
    let services = [service("x;reboot", .missing), service("$(id)", .stopped, runs: "y"), service("db", .missing)]
    #expect(NextSteps.of(try status("core", services)) == ["ktrdr rollback core db --to 2"])
  }

  @Test func `what was never deployed is deployed; if something runs there, the plan comes first`() throws {
    #expect(NextSteps.of(try status("core", [])) == ["ktrdr deploy core"])
    let services = [service("backend", .unrecorded, should: nil, runs: "x")]
    #expect(NextSteps.of(try status("core", services)) == ["ktrdr deploy core --dry-run"])
    // Taking over what runs replaces nothing.
    var running = try status("core", services)
    running.runningTag = try ImageTag("main-653eaa3")
    #expect(NextSteps.of(running) == ["ktrdr deploy core --tag main-653eaa3 --dry-run"])
  }

  @Test func `a service that the inventory does not let deploy alone is in no command`() throws {
    var found = try status("core", [service("backend", .missing), service("db", .missing)])
    found.target.services = [try ServiceName("db")]
    #expect(NextSteps.of(found) == ["ktrdr rollback core db --to 2"])
  }
}
