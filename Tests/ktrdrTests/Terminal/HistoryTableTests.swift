import Ledger
import Platform
import Testing

@testable import ktrdr

/// A deployment as the ledger would have it, so many minutes before `now`.
func recorded(
  _ id: Int64, _ services: [String], _ tag: String?, by name: String = "ana@example.org", on target: String = "core",
  _ outcome: Outcome? = .succeeded, because reason: String? = nil, undoes: Int64? = nil, minutesAgo: Double = 2
) -> Deployment {
  let start = DeploymentStart(
    kind: undoes == nil ? .deploy : .rollback, target: target, host: "\(target).example.org", services: services,
    tag: tag, operator: name, client: "ktrdr/1", undoes: undoes)
  return Deployment(
    id: id, uuid: "u\(id)", start: start, startedAt: someTime.addingTimeInterval(-minutesAgo * 60),
    finishedAt: outcome.map { _ in someTime }, durationMS: outcome.map { _ in 1400 }, outcome: outcome, reason: reason)
}

let someTime = Date(timeIntervalSince1970: 1_795_867_200)

extension String {
  /// Without colours.
  var unpainted: String { replacing(/\u{1B}\[[0-9]+m/, with: "") }
}

struct HistoryTableTests {
  private static let core = [
    recorded(4, ["backend"], "sha-0992ae0", undoes: 3),
    recorded(3, ["backend"], "sha-0bad0ba", by: "ci", .failed, because: "backend is unhealthy"),
    recorded(2, ["backend", "db", "grafana", "mcp"], "sha-0992ae0", minutesAgo: 185),
  ]
  private static let many = [
    recorded(1012, ["training-worker-gpu", "backend"], "sha-1111111", on: "gpu", nil),
    recorded(
      11, ["バックエンド"], "sha-2222222", by: "田中さん", on: "工人-b", .failed,
      because: "データベースに接続できません 🚒 and a long explanation of what happened then\nand more"),
    recorded(10, ["backend"], "sha-3333333", .unknown, because: "the connection broke while the host was changing"),
    recorded(9, ["backend"], "sha-4444444", .interrupted, because: "the client died"),
    recorded(8, ["🚀"], "sha-5555555", by: "👩‍🚀@space.example", .cancelled, minutesAgo: 60 * 24 * 3),
    recorded(7, ["backend"], nil, .failed, undoes: 6, minutesAgo: 60 * 24 * 80),
  ]

  private func lines(
    _ deployments: [Deployment], _ width: Int, signs: Signs = .unicode, colors: Bool = false, current: Set<Int64> = []
  ) -> [String] {
    HistoryTable.lines(
      deployments, current: current,
      in: Appearance(width: width, hasColors: colors, signs: signs, now: someTime, times: .relative))
  }

  @Test func `one target at 80 columns: what runs, how it ended, what, who, why`() {
    let shown = lines(Self.core, 80, current: [4, 2]).joined(separator: "\n")
    #expect(
      shown == """
            #  WHEN    WHAT                      BY   REASON                TOOK
        ● ✓ 4  2m ago  backend ↩ sha-0992ae0     ana  ⟲3                    1.4s
          ✗ 3  2m ago  backend → sha-0bad0ba     ci   backend is unhealthy  1.4s
        ● ✓ 2  3h ago  backend → sha-0992ae0 +3  ana                        1.4s
        """)
  }

  @Test func `a service with a tag of its own is not shown under the deployment's`() {
    let all = [
      "backend": "reg/backend:sha-0992ae0@sha256:1", "db": "postgres:16", "grafana": "grafana:11",
      "mcp": "reg/mcp:sha-0992ae0",
    ]
    func what(_ deployment: Deployment, _ images: [String: String], _ width: Int = 120) -> String {
      let shown = HistoryTable.lines(
        [deployment], images: [deployment.id: images], current: [],
        in: Appearance(width: width, hasColors: false, signs: .unicode, now: someTime, times: .relative))
      return String(shown[1].split(separator: "ago  ").last?.split(separator: "  ").first ?? "")
    }
    #expect(what(Self.core[2], all) == "backend mcp → sha-0992ae0 +2")
    #expect(what(Self.core[2], all, 48) == "backend → sha-0992ae0 +3")
    #expect(what(Self.core[2], [:]) == "backend db grafana mcp → sha-0992ae0")
    #expect(what(recorded(2, ["db"], "sha-0992ae0"), ["db": "postgres:16"]) == "db → 16")
    #expect(what(recorded(2, ["db", "grafana"], "sha-0992ae0"), all) == "db grafana")
    // What failed may not have got as far as the tag.
    #expect(what(recorded(2, ["backend"], "sha-1", .failed), ["backend": "reg/backend:sha-0"]) == "backend → sha-1")
  }

  @Test func `without UTF-8 the signs are ASCII`() {
    let shown = lines(Self.core, 80, signs: .ascii, current: [4]).joined(separator: "\n")
    #expect(
      shown == """
            #  WHEN    WHAT                       BY   REASON                TOOK
        * + 4  2m ago  backend <- sha-0992ae0     ana  undoes 3              1.4s
          x 3  2m ago  backend -> sha-0bad0ba     ci   backend is unhealthy  1.4s
          + 2  3h ago  backend -> sha-0992ae0 +3  ana                        1.4s
        """)
  }

  @Test func `several targets at 120 columns, each outcome with a sign and a reason`() {
    let shown = lines(Self.many, 120).joined(separator: "\n")
    #expect(
      shown == """
             #  WHEN        TARGET  WHAT                                  BY        REASON                                  TOOK
        ↻ 1012  2m ago      gpu     training-worker-gpu → sha-1111111 +1  ana       running
        ✗   11  2m ago      工人-b  バックエンド → sha-2222222            田中さん  データベースに接続できません 🚒 and a…  1.4s
        ?   10  2m ago      core    backend → sha-3333333                 ana       unknown: the connection broke while t…  1.4s
        !    9  2m ago      core    backend → sha-4444444                 ana       interrupted: the client died            1.4s
        ⊘    8  3d ago      core    🚀 → sha-5555555                      👩‍🚀        cancelled                               1.4s
        ✗    7  2026-09-09  core    backend ↩                             ana       ⟲6  failed                              1.4s
        """)
  }

  @Test func `at 60 columns an id, a tag and an outcome are still whole`() {
    let shown = lines(Self.many, 60).joined(separator: "\n")
    #expect(
      shown == """
             #  TARGET  WHAT
        ↻ 1012  gpu     training-worker-gpu backend → sha-1111111
        ✗   11  工人-b  バックエンド → sha-2222222
        ?   10  core    backend → sha-3333333
        !    9  core    backend → sha-4444444
        ⊘    8  core    🚀 → sha-5555555
        ✗    7  core    backend ↩
        """)
  }

  @Test(arguments: [60, 80, 120, 200], [true, false])
  func `no line is too wide, and none lacks its id, its tag or its outcome`(width: Int, isUnicode: Bool) {
    let signs = isUnicode ? Signs.unicode : .ascii
    for deployments in [Self.core, Self.many] {
      let plain = lines(deployments, width, signs: signs, current: [2, 8])
      #expect(plain.count == deployments.count + 1)
      for (line, deployment) in zip(plain.dropFirst(), deployments) {
        #expect(line.displayWidth <= width, "\(line)")
        let sign: String =
          switch deployment.outcome {
          case .succeeded: signs.succeeded
          case .failed: signs.failed
          case .cancelled: signs.cancelled
          case .interrupted: signs.interrupted
          case .unknown: signs.unknown
          case nil: signs.running
          }
        let words = line.split(separator: " ").map(String.init)
        #expect(words.contains(sign) && words.contains("\(deployment.id)"), "\(line)")
        #expect(deployment.start.tag.map(words.contains) ?? true, "\(line)")
      }
      let bright = lines(deployments, width, signs: signs, colors: true, current: [2, 8])
      #expect(bright.map(\.unpainted) == plain && bright != plain)
    }
  }

  @Test func `for programs each deployment is a line with every column, and times last`() {
    let text = HistoryText.tabSeparated(Self.many, in: Appearance(now: someTime))
    let rows = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(rows.count == 7 && rows.allSatisfy { $0.count == 11 })
    #expect(rows[0].prefix(3) == ["ID", "STARTED", "TARGET"])
    #expect(
      rows[1] == [
        "1012", "2026-11-28T11:58:00.000Z", "gpu", "training-worker-gpu,backend", "sha-1111111", "deploy", "running",
        "-", "ana@example.org", "-", "-",
      ])
    #expect(rows[2].last?.hasSuffix(#"then\u{a}and more"#) == true)
  }
}
