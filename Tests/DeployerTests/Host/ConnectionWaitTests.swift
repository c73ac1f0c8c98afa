import Synchronization
import TestSupport
import Testing

@testable import Deployer

struct ConnectionWaitTests {
  private let start = ContinuousClock().now
  private var wait: ConnectionWait

  init() { wait = ConnectionWait(ConnectionLimits(), since: start) }

  private mutating func hear(_ text: String, at seconds: Double) {
    wait.heard(Array(text.utf8), at: start + .seconds(seconds))
  }

  private mutating func due(at seconds: Double) -> [String] { wait.due(at: start + .seconds(seconds)) }

  private func givenUp(at seconds: Double) -> ConnectionGivenUp? { wait.givenUp(at: start + .seconds(seconds)) }

  @Test mutating func `twenty seconds without a word are the end`() {
    #expect(givenUp(at: 19.9) == nil)
    #expect(givenUp(at: 20) == .silent(after: .seconds(20)))
  }

  @Test mutating func `once ssh has said something there are two minutes`() {
    hear("To log in, open https://login.example.org/a1b2\n", at: 5)
    hear("Still waiting\r\n", at: 100)
    #expect(givenUp(at: 124.9) == nil)
    #expect(givenUp(at: 125) == .waiting(after: .seconds(120), line: "Still waiting"))
  }

  @Test(arguments: [
    "** WARNING: connection is not using a post-quantum key exchange algorithm.\n",
    "Warning: Permanently added 'h' (ED25519) to the list of known hosts.\r\n", "\r\n", "debug1: x\n",
  ])
  mutating func `a warning is nothing to wait for`(line: String) {
    hear(line, at: 1)
    #expect(givenUp(at: 20) == .silent(after: .seconds(20)))
  }

  @Test mutating func `after the login the shell has twenty seconds, whatever is said before and after`() {
    hear("A banner\nAuthenticated to h ([10.0.0.9]:22) using \"publickey\".\r\n", at: 61)
    #expect(givenUp(at: 80.9) == nil)
    hear("Could not chdir to home directory /nonexistent: No such file or directory\n", at: 70)
    #expect(givenUp(at: 81) == .loginShellSilent(after: .seconds(20)))
  }

  @Test mutating func `a host that tells of a login again and again is not waited for`() {
    for seconds in stride(from: 10.0, through: 1000, by: 10) {
      hear("Authenticated to h ([10.0.0.9]:22) using \"publickey\".\n", at: seconds)
    }
    #expect(givenUp(at: 1001) == .loginShellSilent(after: .seconds(20)))
  }

  @Test mutating func `what ssh says is shown after three seconds, each line once, as it comes`() {
    hear("one\r\ntwo\r\n", at: 0.5)
    #expect(due(at: 2.9).isEmpty)
    #expect(due(at: 3) == ["one", "two"])
    #expect(due(at: 3.1).isEmpty)
    hear("three\n", at: 4)
    #expect(due(at: 4) == ["three"])
  }

  @Test mutating func `a line without its end is shown too, and not again with it`() {
    hear("Touch your ", at: 3)
    hear("key: ", at: 3.1)
    #expect(due(at: 3.4).isEmpty)
    #expect(due(at: 3.6) == ["Touch your key:"])
    #expect(givenUp(at: 30) == nil)
    hear("\nthanks\n", at: 5)
    #expect(due(at: 5) == ["thanks"])
  }

  @Test mutating func `what ktrdr asked ssh to say more is not shown, and no line steers the terminal`() {
    hear("Authenticated to h ([10.0.0.9]:22) using \"publickey\".\r\n\u{1B}[2J\u{1B}]0;x\u{07}open\u{202E} it\n", at: 4)
    #expect(due(at: 4) == [#"open\u{202e} it"#])
  }

  @Test mutating func `an endless banner is shown in part`() {
    hear(String(repeating: "again\n", count: 100_000), at: 4)
    #expect(due(at: 4).count == 100)
    hear(String(repeating: "x", count: 100_000), at: 5)
    #expect(due(at: 6).isEmpty)
  }
}

struct ConnectionWatchTests {
  private static let short = ConnectionLimits(
    silence: .milliseconds(600), afterWords: .seconds(60), display: .milliseconds(200),
    unfinishedLine: .milliseconds(50))

  /// Runs a script in place of `ssh` and returns what was shown, and why it was given up.
  ///
  /// The script finds its words in `$shown` once they are on the screen.
  private func watch(_ script: String) async throws -> (shown: [String], givenUp: ConnectionGivenUp?) {
    let shown = ShownLines()
    let directory = try TestDirectory()
    let watch = ConnectionWatch(Self.short) { line in
      shown.append(line)
      try? directory.write(line, to: "shown")
    }
    let script = "shown='\(directory.path)/shown'; \(script)"
    let command = Command("sh", ["-c", script], environment: plainEnvironment)
    _ = try await Conversations.run(command, errorOutput: watch.heard) { conversation in
      let watching = Task { [kill = conversation.kill] in await watch.run(abandon: kill) }
      defer { watching.cancel() }
      if await conversation.output.next() != nil { watch.connected() }
      while await conversation.output.next() != nil {}
    }
    return (shown.lines, watch.givenUp)
  }

  @Test func `a program that says nothing is ended, with what it has started`() async throws {
    let (shown, givenUp) = try await watch("sleep 300")
    #expect(shown.isEmpty)
    #expect(givenUp == .silent(after: .milliseconds(600)))
  }

  @Test func `what a program says meanwhile is shown, and it may take longer`() async throws {
    let (shown, givenUp) = try await watch(
      "echo 'open a link' >&2; until [ -e \"$shown\" ]; do sleep 0.1; done; sleep 1; echo hello")
    #expect(shown == ["open a link"])
    #expect(givenUp == nil)
  }

  @Test func `once the shell has spoken nothing is shown and nothing is given up`() async throws {
    let (shown, givenUp) = try await watch("echo hello; echo complaint >&2; sleep 1.5")
    #expect(shown.isEmpty)
    #expect(givenUp == nil)
  }
}

private final class ShownLines: Sendable {
  private let kept = Mutex<[String]>([])
  var lines: [String] { kept.withLock { $0 } }
  func append(_ line: String) { kept.withLock { $0.append(line) } }
}
