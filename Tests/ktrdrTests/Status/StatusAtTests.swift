import Platform
import TestSupport
import Testing

@testable import Deployer
@testable import Ledger
@testable import ktrdr

private func run(_ id: Int64, _ outcome: Outcome?, by name: String = "ana@example.org") -> Deployment {
  recorded(id, ["backend"], "sha-\(id)", by: name, outcome, minutesAgo: 60 * Double(10 - id))
}

private func image(_ tag: String) -> ImageIdentity {
  ImageIdentity(
    reference: "r/backend:\(tag)", id: "sha256:aa", digest: "r/backend@sha256:\(tag.dropFirst(4))23456789abcdef")
}

private func someTargets() throws -> [RecordedTarget] {
  func target(_ name: String) throws -> Target {
    Target(name: try TargetName(name), host: try HostName("\(name).example.org"), directory: "/opt/\(name)")
  }
  return [
    RecordedTarget(
      try target("core"),
      [
        (run(7, .succeeded), ImageRecord(service: "backend", after: image("sha-7"))),
        (run(8, nil), ImageRecord(service: "db", before: image("sha-6"))),
        (run(5, .interrupted, by: "ci"), ImageRecord(service: "mcp", before: image("sha-6"))),
        (run(6, .failed), ImageRecord(service: "grafana", before: image("sha-4"), after: image("sha-6"))),
        (run(4, .failed), ImageRecord(service: "jaeger", before: image("sha-3"))),
        (run(3, .succeeded), ImageRecord(service: "old", before: image("sha-2"))),
      ], hasDeployment: true),
    RecordedTarget(try target("workers-b"), [], hasDeployment: false),
    RecordedTarget(try target("gpu"), [], hasDeployment: true),
  ]
}

struct StatusAtTests {
  private func lines(_ width: Int, isWide: Bool = false, times: TimeStyle = .relative) throws -> String {
    let appearance = Appearance(width: width, signs: .unicode, now: someTime, times: times)
    let moment = someTime.addingTimeInterval(-86_400)
    let table = RecordedTable(targets: try someTargets(), moment: moment, appearance: appearance)
    return table.lines(isWide: isWide).joined(separator: "\n")
  }

  @Test func `at 80 columns: tag, digest, deployment, who, and what is not known`() throws {
    #expect(
      try lines(80) == """
        as of 2026-11-27 12:00:00Z, by the ledger; no host was asked
        TARGET  SERVICE  TAG           DIGEST        #  BY   WHEN    OUTCOME
        core    backend  sha-7         723456789abc  7  ana  3h ago  succeeded
                db       unknown                     8  ana  2h ago  running
                grafana  sha-6         623456789abc  6  ana  4h ago  failed
                jaeger   no container                4  ana  6h ago  failed
                mcp      unknown                     5  ci   5h ago  interrupted
        workers-b  no deployment by then
        gpu  no image recorded by then
        """)
  }

  @Test(arguments: [60, 80, 120])
  func `it fits the terminal, or has every column where that is asked for`(width: Int) throws {
    let shown = try lines(width).split(separator: "\n")
    #expect(shown.allSatisfy { String($0).displayWidth <= width }, "\(shown)")
    for word in ["backend", "sha-7", "unknown", "interrupted"] { #expect(shown.contains { $0.contains(word) }) }
    #expect(try lines(width, isWide: true, times: .utc).contains("2026-11-28 09:00:00Z  succeeded    core.example.org"))
  }

  @Test func `for programs there is a line for each service, and one for a target without`() throws {
    let text = RecordedText.tabSeparated(try someTargets(), in: Appearance(now: someTime))
    let rows = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count == 8 && rows.allSatisfy { $0.count == RecordedText.header.count })
    #expect(
      rows[1] == [
        "core", "backend", "ran", "sha-7", "723456789abc", "7", "succeeded", "ana@example.org",
        "2026-11-28T09:00:00.000Z", "core.example.org",
      ])
    #expect(rows[2].prefix(7) == ["core", "db", "unknown", "-", "-", "8", "running"])
    #expect(rows[6] == ["workers-b", "-", "no deployment"] + Array(repeating: "-", count: 7))
    #expect(rows[7].prefix(3) == ["gpu", "-", "no image"])
  }

  @Test func `in JSON every name is there, with null for what is not known`() throws {
    let target = try someTargets()[0]
    let never = RecordedTarget(target.target, [], hasDeployment: false)
    #expect(
      try JSONText.of([RecordedTargetRecord(never, at: someTime)]) == """
        [
          {
            "at" : "2026-11-28T12:00:00.000Z",
            "deployed" : false,
            "services" : [],
            "target" : "core"
          }
        ]
        """)
    let text = try JSONText.of(RecordedTargetRecord(target, at: someTime).services[1])
    #expect(
      text == """
        {
          "deployment" : 8,
          "digest" : null,
          "host" : "core.example.org",
          "image_id" : null,
          "operator" : "ana@example.org",
          "outcome" : null,
          "service" : "db",
          "started_at" : "2026-11-28T10:00:00.000Z",
          "state" : "unknown",
          "tag" : null
        }
        """)
  }
}

/// The program itself, with programs in place of ssh that fail.
struct StatusAtCommandTests {
  private func someone() async throws -> Person {
    let person = try Person(standIns: ["ssh", "op", "docker"])
    try person.home.write(
      """
      targets:
        core: {host: core.invalid, directory: /srv}
        shop: {host: shop.invalid, directory: /srv}
      """, to: "ktrdr.yml")
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    let start = DeploymentStart(
      kind: .deploy, target: "core", host: "core.invalid", services: ["db"], tag: "sha-1", operator: "ana", client: "c")
    let id = try await ledger.begin(start).id
    try await ledger.finish(
      id, Finish(outcome: .succeeded, durationMS: 1), images: [ImageRecord(service: "db", after: image("sha-1"))])
    return person
  }

  @Test func `it asks no host, says so, and ends with 0`() async throws {
    let person = try await someone()
    let now = try await person.ktrdr("status", "--at", "0m")
    #expect(now.status == 0, "\(now.error)")
    #expect(now.output.contains("\ncore\tdb\tran\tsha-1\t123456789abc\t1\tsucceeded\tana\t"), "\(now.output)")
    #expect(now.output.hasSuffix("\nshop\t-\tno deployment\t-\t-\t-\t-\t-\t-\t-\n"))
    #expect(now.error.hasPrefix("as of 20"), "\(now.error)")
    #expect(now.error.hasSuffix("Z, by the ledger; no host was asked\n"), "\(now.error)")
    let early = try await person.ktrdr("status", "core", "--at", "2020-01-01", "--json")
    #expect(early.status == 0 && early.error.isEmpty)
    for line in [#""at" : "2020-01-01T00:00:00.000Z""#, #""deployed" : false"#] {
      #expect(early.output.contains(line), "\(early.output)")
    }
    #expect(person.asked.isEmpty)
  }

  @Test(
    arguments: [
      (["--at", "soon"], "invalid time 'soon'"), (["--at", "2999-01-01"], "--at must not be in the future"),
      (["--at", "1h", "--watch"], "--watch and --at cannot be combined"),
      (["core", "--at"], "Missing value for '--at"),
      (["nowhere", "--at", "1h"], "unknown target or group 'nowhere'"),
    ])
  func `64: a time that is none, or options that do not fit`(words: [String], message: String) async throws {
    let result = try await someone().ktrdr(words: ["status"] + words)
    #expect(result.status == 64)
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test func `64: without a ledger nothing can be said`() async throws {
    let person = try Person()
    try person.home.write("targets: {core: {host: core.invalid, directory: /srv}}", to: "ktrdr.yml")
    let result = try await person.ktrdr("status", "--at", "1h")
    #expect(result.status == 64 && result.error.contains("no ledger at"))
  }
}
