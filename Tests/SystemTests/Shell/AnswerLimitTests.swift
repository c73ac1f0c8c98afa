import Platform
import TestSupport
import Testing

@testable import Deployer

/// Hosts that never come to an end of their answer, and hosts that answer what nobody asked. The real shell, on this machine.
struct AnswerLimitTests {
  private struct Answer: Sendable {
    var events: [RemoteEvent]?
    var lateAfter: Duration?
    var saidUnasked: Bool
    var isConnected: Bool
  }

  private func ask(
    _ lines: String, _ bound: AnswerLimits.Bound = .whole, steps: Set<String> = [],
    limits: AnswerLimits = AnswerLimits(whole: .milliseconds(500), silence: .milliseconds(500))
  ) async throws -> Answer {
    let host = try LocalHost(.dash)
    let script = host.script
    let text = Array("\(lines)\nsay done\n".utf8)
    return try await Conversations.run(host.shell.command(host.environment)) { conversation in
      let session = RemoteSession(conversation, script: script, limits: limits)
      await session.open()
      let events = await session.call(text, bound, steps: steps)
      return Answer(
        events: events, lateAfter: session.lateAfter, saidUnasked: session.saidUnasked, isConnected: session.isConnected
      )
    }.0
  }

  @Test(arguments: [
    ("sleep 600", AnswerLimits.Bound.whole), ("sleep 600", .silence), ("while :; do echo x; sleep 0.05; done", .whole),
  ])
  func `a host that hangs or drips is not waited for`(lines: String, bound: AnswerLimits.Bound) async throws {
    let clock = ContinuousClock()
    let begun = clock.now
    let answer = try await ask(lines, bound)
    #expect(answer.events == nil && answer.lateAfter == .milliseconds(500) && !answer.isConnected)
    #expect(clock.now - begun < .seconds(60))
  }

  @Test func `a long pull is waited for as long as it shows that it goes on`() async throws {
    let lines = "for each in 1 2 3 4 5 6 7 8; do echo ' 7a7247b2df57 Downloading [=> ]  1kB/2kB'; sleep 0.2; done"
    let answer = try await ask(lines, .silence, limits: AnswerLimits(whole: .milliseconds(1), silence: .seconds(60)))
    #expect(answer.events?.count == 8 && answer.lateAfter == nil)
  }

  @Test(arguments: [
    "say begin up; say end up 0", "say begin \(String(repeating: "x", count: 60_000))",
    "say begin pull; say end pull 0; say begin pull; say end pull 0",
  ])
  func `a step that nobody asked for ends the conversation`(lines: String) async throws {
    let answer = try await ask(lines, steps: ["pull"], limits: AnswerLimits())
    #expect(answer.events == nil && answer.saidUnasked && !answer.isConnected)
    #expect(try await ask("say begin pull; say end pull 0", steps: ["pull"], limits: AnswerLimits()).events?.count == 2)
  }

  @Test func `a program that does not end when nothing more comes is ended`() async throws {
    let clock = ContinuousClock()
    let begun = clock.now
    let command = Command("sh", ["-c", "while :; do echo x; sleep 0.05; done"], environment: plainEnvironment)
    let (_, end) = try await Conversations.run(command, exitLimit: .milliseconds(300)) { _ in }
    #expect(end.status == 128 + SIGKILL)
    #expect(clock.now - begun < .seconds(60))
  }
}
