import Deployer
import Ledger
import Platform
import Testing

@testable import ktrdr

struct LivePictureTests {
  private static let pulled = [(0.0, Progress.stepBegan(.pull)), (1, .stepEnded(.pull, status: 0, milliseconds: 100))]
  private static let upped =
    pulled + [(1, .stepBegan(.up)), (2, .stepEnded(.up, status: 0, milliseconds: 300)), (2, .stepBegan(.health))]
  private static let starting = LiveTarget(
    "core", upped + [(2, .awaitingHealth([PendingService("backend", .starting)], limit: .seconds(20)))])
  private static let pulling = LiveTarget(
    "core", [(0, .stepBegan(.pull)), (0, .pulling(PullBytes(fetched: 14_480_000, total: 60_020_000)))])
  private static let recovered = LiveTarget(
    "core",
    upped + [
      (22, .stepEnded(.health, status: 1, milliseconds: 20_000)), (22, .recovering(deployment: 3)),
      (22, .stepBegan(.config)), (23, .stepEnded(.config, status: 0, milliseconds: 1100)), (13, .stepBegan(.up)),
    ])
  private static let waitingForMany = LiveTarget(
    "core",
    upped + [
      (
        2,
        .awaitingHealth(
          [
            PendingService("backend", .starting), PendingService("web", .settling(.seconds(10))),
            PendingService("db", .starting), PendingService("migrate", .working), PendingService("mcp", .notRunning),
          ], limit: .seconds(130))
      )
    ])

  private func lines(
    _ targets: [LiveTarget], _ width: Int = 80, height: Int? = nil, signs: Signs = .unicode, colors: Bool = false,
    at seconds: Double = 14.25
  ) -> [String] {
    LivePicture(
      targets: targets,
      appearance: Appearance(width: width, hasColors: colors, signs: signs, now: Date()), height: height,
      now: noon + .seconds(seconds)
    ).lines
  }

  @Test(arguments: [
    (LiveTarget("core"), "core  waiting"),
    (LiveTarget("core", [(12, .checking(host: "core.example.org"))]), "core  checking core.example.org ⠹ 2s"),
    (pulling, "core  pull ⠹ 14.5 of 60.0 MB"),
    (LiveTarget("core", pulled), "core  pull ✓ 0.1s"),
    (LiveTarget("core", upped), "core  pull ✓ 0.1s  up ✓ 0.3s  health ⠹ 12s"),
    (starting, "core  pull ✓ 0.1s  up ✓ 0.3s  health ⠹ 12s of 20s: backend is starting"),
    (
      waitingForMany,
      "core  pull ✓ 0.1s  up ✓ 0.3s  health ⠹ 12s of 2m10s: backend, db are starting,…"
    ),
    (recovered, "core  pull ✓ 0.1s  up ✓ 0.3s  health ✗ 20.0s  rollback  config ✓ 1.1s  up ⠹ 1s"),
    (LiveTarget("core", upped, ended: ended(.failed, "why")), "core  pull ✓ 0.1s  up ✓ 0.3s  health ✗ 0.0s"),
    (LiveTarget("core", ended: .failure(.stopped)), "core"),
  ])
  func `one target at 80 columns: what is done, what goes on, and what is waited for`(
    target: LiveTarget, line: String
  ) {
    #expect(lines([target]) == [line])
  }

  @Test(arguments: [
    (
      200,
      "core  pull ✓ 0.1s  up ✓ 0.3s  health ⠹ 12s of 2m10s: backend, db are starting, web must stay up for 10s, "
        + "migrate is still working, mcp is not running yet"
    ),
    (
      120,
      "core  pull ✓ 0.1s  up ✓ 0.3s  health ⠹ 12s of 2m10s: backend, db are starting, web must stay up for 10s, "
        + "migrate is st…"
    ),
    (60, "core  health ⠹ 12s of 2m10s: backend, db are starting, web…"),
    (40, "core  health ⠹ 12s of 2m10s: backend, …"),
    (10, "core  he…"), (2, "…"), (1, "…"),
  ])
  func `where there is little room, finished steps give way to what goes on`(width: Int, line: String) {
    #expect(lines([Self.waitingForMany], width) == [line])
  }

  @Test func `where there is no room, of the finished steps the failed one stays longest`() {
    #expect(lines([Self.recovered], 60) == ["core  pull ✓  up ✓  health ✗  rollback  config ✓  up ⠹ 1s"])
    #expect(lines([Self.recovered], 40) == ["core  health ✗  rollback  up ⠹ 1s"])
  }

  private static let fleet = [
    LiveTarget("core", upped, ended: ended(.succeeded)),
    LiveTarget("工人-b", [(0, .checking(host: "b")), (3, .stepBegan(.pull))]),
    LiveTarget(
      "workers-c", [(0, .checking(host: "c"))],
      ended: ended(.failed, "the connection to workers-c was lost; nothing was changed")),
    LiveTarget("workers-d"),
    LiveTarget("workers-e", ended: .failure(.skipped(reason: "the canary core did not succeed"))),
  ]

  @Test func `several targets have a line each, and say how they ended`() {
    #expect(
      lines(Self.fleet).joined(separator: "\n") == """
        core       pull ✓ 0.1s  up ✓ 0.3s  succeeded
        工人-b     pull ⠹ 11s
        workers-c  checking c ✗ 0.0s  failed: the connection to workers-c was lost; no…
        workers-d  waiting
        workers-e  not started: the canary core did not succeed
        """)
  }

  @Test func `without UTF-8 every sign is ASCII`() {
    let line = "core  pull + 0.1s  up + 0.3s  health - 12s of 20s: backend is starting"
    #expect(lines([Self.starting], signs: .ascii) == [line])
    let moments = [14.05, 14.15, 14.25, 14.35, 14.45].map { lines([Self.pulling], signs: .ascii, at: $0)[0] }
    #expect(moments.map { String($0.dropFirst(11).prefix(1)) } == ["|", "/", "-", "\\", "|"])
  }

  @Test func `of more targets than rows those are shown that need it most, in their order, and the others are counted`()
  {
    #expect(
      lines(Self.fleet, height: 4).joined(separator: "\n") == """
        工人-b     pull ⠹ 11s
        workers-c  checking c ✗ 0.0s  failed: the connection to workers-c was lost; no…
        … 3 more: 1 succeeded, 1 waiting, 1 not started
        """)
    #expect(lines(Self.fleet, height: 6).count == 5)
    #expect(lines(Self.fleet, 24, height: 1) == ["… 5 more: 1 succeeded,…"])
  }

  @Test(arguments: [60, 80, 120, 200], [true, false])
  func `no line is as wide as the terminal, and colours change no column`(width: Int, isUnicode: Bool) {
    let signs = isUnicode ? Signs.unicode : .ascii
    let singles = [Self.pulling, Self.starting, Self.waitingForMany, Self.recovered]
    let many = (0..<25).map { LiveTarget("とても長い名前のターゲット-\($0)", Self.upped) }
    for targets in singles.map({ [$0] }) + [Self.fleet, many, Self.fleet + singles] {
      for height in [nil, 24, 3] {
        let plain = lines(targets, width, height: height, signs: signs)
        #expect(plain.count == min(targets.count, height.map { $0 - 1 } ?? .max))
        #expect(plain.allSatisfy { $0.displayWidth < width }, "\(plain)")
        #expect(isUnicode || targets.count > 1 || plain.joined().utf8.allSatisfy { $0 < 0x80 })
        let bright = lines(targets, width, height: height, signs: signs, colors: true)
        #expect(bright.map(\.unpainted) == plain)
      }
    }
  }

  @Test func `what a host says steers no terminal`() {
    let pending = [PendingService("back\u{1B}[2Jend\n", .starting)]
    let targets = [
      LiveTarget("a", [(0, .waiting("locked by \u{202E}eve\r"))]),
      LiveTarget("b", [(0, .stepBegan(.health)), (0, .awaitingHealth(pending, limit: .seconds(20)))]),
      LiveTarget("c", ended: ended(.failed, "no\u{7}\nway")),
    ]
    #expect(
      lines(targets).joined(separator: "\n") == #"""
        a  waiting: locked by \u{202e}eve\u{d} ⠹ 14s
        b  health ⠹ 14s of 20s: back\u{1b}[2Jend\u{a} is starting
        c  failed: no\u{7}\u{a}way
        """#)
  }

  @Test func `what is done is green, what failed is red, what goes on is yellow`() {
    let done = "core  pull \u{1B}[32m✓\u{1B}[0m 0.1s  up \u{1B}[32m✓\u{1B}[0m 0.3s  health \u{1B}[31m✗\u{1B}[0m 20.0s"
    #expect(lines([Self.recovered], 120, colors: true)[0].hasPrefix(done))
    #expect(lines([Self.pulling], colors: true)[0].contains("\u{1B}[33m⠹\u{1B}[0m"))
  }
}

struct LiveWordsTests {
  @Test(
    arguments: [
      (0, 0, "0.0 of 0.0 kB"), (512, 1049, "0.5 of 1.0 kB"), (14_480_000, 60_020_000, "14.5 of 60.0 MB"),
      (999_999, 1_000_000, "1.0 of 1.0 MB"), (1_500_000_000, 2_349_000_000, "1.5 of 2.3 GB"),
    ] as [(Int64, Int64, String)])
  func `bytes are in the unit of the whole`(fetched: Int64, total: Int64, text: String) {
    #expect(LiveWords.bytes(PullBytes(fetched: fetched, total: total)) == text)
  }

  @Test(arguments: [(-1, "0s"), (0.9, "0s"), (59.9, "59s"), (60, "1m00s"), (125, "2m05s"), (3600, "1h00m")])
  func `what goes on is counted in whole seconds`(seconds: Double, text: String) {
    #expect(LiveWords.elapsed(.seconds(seconds)) == text)
  }

  @Test(
    arguments: [
      ([], ""), ([PendingService("a", .restarting)], "a is restarting"),
      ([PendingService("a", .notRunning), PendingService("b", .notRunning)], "a, b are not running yet"),
      (
        [PendingService("a", .working), PendingService("b", .starting), PendingService("c", .working)],
        "a, c are still working, b is starting"
      ), ([PendingService("a", .settling(.seconds(90)))], "a must stay up for 1m30s"),
    ] as [([PendingService], String)])
  func `services that wait for the same thing are named together`(services: [PendingService], words: String) {
    #expect(LiveWords.pending(services) == words)
  }
}
