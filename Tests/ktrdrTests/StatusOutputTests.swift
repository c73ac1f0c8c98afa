import Platform
import Testing

@testable import Deployer
@testable import Ledger
@testable import ktrdr

private let digest = "ghcr.io/kpiteira/ktrdr-backend@sha256:0123456789abcdef"
private let start = DeploymentStart(
  kind: .deploy, target: "core", host: "h", services: ["backend"], tag: "sha-a1b2c3d", operator: "ada",
  client: "c")
private let deployment = Deployment(
  id: 7, uuid: "u", start: start, startedAt: Date(timeIntervalSince1970: 1_700_000_000), outcome: .succeeded)

private func statuses() throws -> [TargetStatus] {
  let target = Target(name: try TargetName("core"), host: try HostName("h"), directory: "/opt/core")
  let image = ImageIdentity(reference: "ghcr.io/kpiteira/ktrdr-backend:sha-a1b2c3d", id: "sha256:aa", digest: digest)
  let expected = [ExpectedImage(deployment, ImageRecord(service: "backend", after: image))].compactMap(\.self)
  let container = Observation.Container(
    service: "backend", id: "c", reference: image.reference, imageID: "sha256:aa", state: "running",
    health: "healthy", restarts: 0, exitCode: 0, since: "2026-11-24T10:17:03.123456789Z")
  let problem = Problem(.host, "h does not answer", nextStep: "is it up?")
  return [
    TargetStatus(
      target, expected: expected, seen: Observation(containers: [container], digests: ["sha256:aa": [digest]])),
    TargetStatus(target, expected: [], error: problem),
  ]
}

@Suite struct StatusOutputTests {
  @Test func `status in JSON has every documented name, with null for absent values`() throws {
    let text = try JSONText.of(try statuses().map(StatusRecord.init))
    #expect(
      text == """
        [
          {
            "caveats" : [],
            "error" : null,
            "host" : "h",
            "services" : [
              {
                "commits_ahead" : null,
                "expected" : {
                  "deployment" : 7,
                  "digest" : "\(digest)",
                  "tag" : "sha-a1b2c3d"
                },
                "running" : {
                  "digest" : "\(digest)",
                  "health" : "healthy",
                  "missing_secrets" : [],
                  "since" : "2026-11-24T10:17:03.123Z",
                  "state" : "running",
                  "tag" : "sha-a1b2c3d"
                },
                "service" : "backend",
                "verdict" : "in sync"
              }
            ],
            "target" : "core",
            "verdict" : "in sync"
          },
          {
            "caveats" : [],
            "error" : "h does not answer; next: is it up?",
            "host" : "h",
            "services" : [],
            "target" : "core",
            "verdict" : "unreachable"
          }
        ]
        """)
  }

  @Test func `for programs there is one line per service, and one for a target without services`() throws {
    let text = StatusText.tabSeparated(try statuses(), in: Appearance(now: Date()))
    let lines = text.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(lines.count == 3)
    #expect(
      lines[1] == [
        "core", "backend", "in sync", "sha-a1b2c3d 0123456789ab", "7 by ada, 2023-11-14T22:13:20.000Z",
        "sha-a1b2c3d 0123456789ab", "running, healthy", "2026-11-24T10:17:03.123Z", "-",
      ])
    #expect(lines[2] == ["core", "-", "unreachable", "-", "-", "-", "-", "-", "-"])
  }

  @Test func `colours do not change the columns`() throws {
    let now = Date(timeIntervalSince1970: 1_700_000_000)
    let plain = StatusText.wide(try statuses(), in: Appearance(width: 80, now: now, times: .relative))
    let bright = StatusText.wide(try statuses(), in: Appearance(width: 80, hasColors: true, now: now, times: .relative))
    #expect(!plain.joined().contains("\u{1B}"))
    #expect(bright[1].contains("\u{1B}[32min sync\u{1B}[0m      sha-a1b2c3d"))
    #expect(bright[2].contains("\u{1B}[31munreachable\u{1B}[0m"))
    #expect(bright.map(\.unpainted) == plain)
  }

  @Test func `only twenty commits are listed, the rest is counted`() {
    let commits = (1...23).map { GitRepository.Commit(sha: "\($0)000000000", subject: "Change \($0)") }
    let text = DiffText.of(
      deployment, deployment, difference: Difference((deployment, []), (deployment, [])),
      commits: .between(added: commits, removed: []))
    #expect(text.contains("no recorded differences"))
    #expect(text.contains("commits      23 added, 0 removed"))
    #expect(text.contains("+ 2000000 Change 20\n    + and 3 more"))
  }
}
