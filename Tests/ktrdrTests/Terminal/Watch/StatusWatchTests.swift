import Platform
import Synchronization
import TestSupport
import Testing

@testable import Deployer
@testable import ktrdr

/// Counts looks, and how many there are at the same time.
private final class Looks: Sendable {
  private let counts = Mutex((begun: 0, now: 0, most: 0))

  var begun: Int { counts.withLock(\.begun) }
  var most: Int { counts.withLock(\.most) }

  /// The number of the look that begins.
  func begin() -> Int {
    counts.withLock { counts in
      counts.begun += 1
      counts.now += 1
      counts.most = max(counts.most, counts.now)
      return counts.begun
    }
  }

  func end() { counts.withLock { $0.now -= 1 } }
}

/// The watch on a real pseudo-terminal, with looks that are values.
struct StatusWatchTests {
  private func watch(_ terminal: OpenTerminal) throws -> StatusWatch {
    let ours = Terminal(descriptor: terminal.descriptor, environment: ["TERM": "xterm", "LANG": "C.UTF-8"])
    return StatusWatch(
      1, every: try WatchInterval("1"), isWide: false, on: ours, ours.appearance(colors: .never, times: .utc))
  }

  private func core(_ verdict: Verdict) throws -> TargetStatus {
    let target = Target(name: try TargetName("core"), host: try HostName("core.lab"), directory: "/opt/core")
    guard verdict != .unreachable else {
      return TargetStatus(target, expected: [], error: Problem(.host, "core.lab is away", nextStep: nil))
    }
    var status = TargetStatus(target, expected: [], seen: .nothing)
    status.services = [ServiceStatus(service: "db", verdict: verdict, expected: nil, running: nil)]
    status.verdict = verdict
    return status
  }

  @Test func `a host that is away or a busy ledger does not end it, and the last picture stays once`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let (watch, stop, looks) = (try watch(terminal), StopSignal(), Looks())
    let statuses = [try core(.unreachable), try core(.inSync)]
    async let last = watch.run(until: stop) {
      let number = looks.begin()
      guard number != 2 else { throw Failure(status: ExitStatus.locked, "the ledger is busy", next: nil) }
      return StatusLook(targets: [statuses[number == 1 ? 0 : 1]], at: someTime)
    }
    _ = await terminal.screen(showing: "core  unreachable: is away")
    _ = await terminal.screen(showing: "looking again: the ledger")
    _ = await terminal.screen(showing: "1 in sync")
    #expect(stop.request(SIGINT))
    #expect(try await last?.exitStatus == 0)
    let end = "1 target, looked at 2026-11-28 12:00:00Z, every 1s"
    let model = await terminal.screen { $0.cursorRow == 2 }
    #expect(model.lines == ["core  core.lab  1 in sync", end])
    #expect(model.cursorRow == 2)
    #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("\u{1B}[?"))
  }

  @Test func `a look that takes longer than the interval is waited for, and a stop does not wait for it`() async throws
  {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let (watch, stop, looks) = (try watch(terminal), StopSignal(), Looks())
    let status = try core(.unreachable)
    async let last = watch.run(until: stop) {
      let number = looks.begin()
      defer { looks.end() }
      try? await Task.sleep(for: number < 3 ? .milliseconds(1500) : .seconds(600))
      return StatusLook(targets: [status], at: someTime)
    }
    _ = await terminal.screen(showing: "every 1s, looking again")
    while looks.begun < 3 { try await Task.sleep(for: .milliseconds(20)) }
    let asked = ContinuousClock.now
    #expect(stop.request(SIGINT))
    #expect(try await last?.exitStatus == 3)
    #expect(ContinuousClock.now - asked < .seconds(5))
    #expect(looks.most == 1)
  }

  @Test func `a terminal that is resized shows one picture, of its new size`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let (watch, stop, status) = (try watch(terminal), StopSignal(), try core(.missing))
    async let last = watch.run(until: stop) { StatusLook(targets: [status], at: someTime) }
    _ = await terminal.screen(showing: "every 1s")
    let lines = ["… 2 more lines", "1 target, looked at 2026-11-…"]
    let model = await terminal.screen(resizedTo: 30, 3, then: 40) { $0.lines == lines }
    #expect(model.lines == lines)
    #expect(stop.request(SIGTERM))
    _ = try await last
  }

  @Test func `damage ends it, below the last picture`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let (watch, looks, status) = (try watch(terminal), Looks(), try core(.inSync))
    await #expect(throws: Failure.self) {
      _ = try await watch.run(until: StopSignal()) {
        guard looks.begin() == 1 else { throw Failure(status: ExitStatus.damaged, "the ledger is damaged", next: nil) }
        return StatusLook(targets: [status], at: someTime)
      }
    }
    #expect(await terminal.screen { $0.cursorRow == 2 }.lines.first == "core  core.lab  1 in sync")
  }

  @Test func `Ctrl-C says what the last look found, anything else that it was stopped`() throws {
    let good = StatusLook(targets: [try core(.inSync)])
    let bad = StatusLook(targets: [try core(.inSync), try core(.missing)])
    #expect(StatusLook.exitStatus(of: good, stoppedBy: SIGINT) == 0)
    #expect(StatusLook.exitStatus(of: bad, stoppedBy: SIGINT) == 3)
    #expect(StatusLook.exitStatus(of: nil, stoppedBy: SIGINT) == 130)
    #expect(StatusLook.exitStatus(of: good, stoppedBy: SIGTERM) == 143)
    #expect(StatusLook.exitStatus(of: bad, stoppedBy: SIGHUP) == 129)
  }
}

/// The real program on a real terminal.
struct StatusWatchCommandTests {
  private static let refusal = "echo 'ssh: connect to host core.invalid port 22: Connection refused' >&2; exit 255"

  private func watch(
    _ ssh: String, on terminal: OpenTerminal, during: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> Int32 {
    var person = try Person()
    person.environment.merge(["TERM": "xterm", "LANG": "C.UTF-8"]) { $1 }
    try person.home.writeScript(ssh, to: "tools/ssh")
    try person.home.write("targets: {core: {host: core.invalid, directory: /srv/core}}\n", to: "ktrdr.yml")
    return try await terminal.run(
      KtrdrBinary.path, ["status", "core", "--watch", "1", "-q"], environment: person.environment, in: person.home.path,
      during: during)
  }

  private func end(_ ssh: String, _ signal: Int32, when words: String) async throws -> (status: Int32, lines: [String])
  {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let status = try await watch(ssh, on: terminal) { process in
      _ = await terminal.screen(showing: words)
      kill(process, signal)
    }
    let model = await terminal.screen { $0.cursorRow >= $0.lines.count }
    return (status, model.lines)
  }

  @Test func `a watch that was stopped goes on with its picture below`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let status = try await watch(Self.refusal, on: terminal) { process in
      _ = await terminal.screen(showing: "every 1s")
      kill(process, SIGTSTP)
      _ = await terminal.screen { $0.cursorRow == 1 }
      Console.write("\n[1]+  Stopped\n", to: terminal.descriptor)
      kill(process, SIGCONT)
      _ = await terminal.screen { $0.lines.last?.hasSuffix("every 1s") == true && $0.lines.contains("[1]+  Stopped") }
      kill(process, SIGINT)
    }
    #expect(status == 3)
    let lines = await terminal.screen { $0.cursorRow >= $0.lines.count }.lines
    let stopped = try #require(lines.firstIndex(of: "[1]+  Stopped"))
    #expect(lines[(stopped + 1)...].count { $0.hasPrefix("core  unreachable") } == 1, "\(lines)")
    #expect(lines.count { $0.hasPrefix("core  unreachable") } == 2, "\(lines)")
  }

  @Test func `Ctrl-C leaves the last picture and its verdict`() async throws {
    let (status, lines) = try await end(Self.refusal, SIGINT, when: "every 1s")
    #expect(status == 3)
    #expect(lines.count == 2, "\(lines)")
    #expect(lines.first == "core  unreachable: refuses ssh connections")
    #expect(lines.last?.hasSuffix(", every 1s") == true)
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a stop before the first look has ended leaves nothing`(signal: Int32, status: Int32) async throws {
    let found = try await end("exec sleep 60", signal, when: "looking at 1 target")
    #expect(found.status == status)
    #expect(found.lines.isEmpty, "\(found.lines)")
  }
}
