import Ledger
import Platform
import Testing

@testable import Deployer
@testable import ktrdr

/// A service with a verdict: what should run since which deployment, and what runs. An image's id is made of its tag.
func service(
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

func status(_ name: String, _ services: [ServiceStatus], error: Problem? = nil) throws -> TargetStatus {
  let target = Target(
    name: try TargetName(name), host: try HostName("\(name).ktrdr.lab"), directory: "/opt/\(name)")
  if let error { return TargetStatus(target, expected: [], error: error) }
  var status = TargetStatus(target, expected: [], seen: .nothing)
  status.services = services
  status.verdict = services.map(\.verdict).max() ?? .unrecorded
  return status
}

func good(_ names: [String], behind: Int? = nil) -> [ServiceStatus] {
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
