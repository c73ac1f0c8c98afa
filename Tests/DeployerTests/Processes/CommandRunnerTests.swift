import Platform
import TestSupport
import Testing

@testable import Deployer

struct CommandRunnerTests {
  init() { ProcessHardening.ignoreBrokenPipes() }

  private func sh(_ script: String, input: [UInt8] = []) -> Command {
    Command("sh", ["-c", script], standardInput: input, environment: plainEnvironment)
  }

  private static let ends: [(String, Int32)] = [
    ("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -TERM $$", 143), ("kill -KILL $$", 137),
  ]

  @Test(arguments: ends)
  func `an exit status is the one a shell would report`(script: String, status: Int32) async throws {
    #expect(try await CommandRunner.system.run(sh(script), .seconds(20)).status == status)
  }

  @Test func `standard output and standard error stay separate, and the input arrives`() async throws {
    let result = try await CommandRunner.system.run(sh("cat; echo oops >&2", input: Array("hello".utf8)), .seconds(20))
    #expect(String(decoding: result.standardOutput, as: UTF8.self) == "hello")
    #expect(String(decoding: result.standardError, as: UTF8.self) == "oops\n")
  }

  @Test func `a child without input reads an end of file`() async throws {
    #expect(try await CommandRunner.system.run(sh("cat"), .seconds(20)).standardOutput.isEmpty)
  }

  #if os(Linux)
    @Test func `a child without input gets /dev/null, one with input a pipe`() async throws {
      func standardInput(_ input: [UInt8]) async throws -> String {
        let result = try await CommandRunner.system.run(sh("readlink /proc/self/fd/0", input: input), .seconds(20))
        return String(decoding: result.standardOutput, as: UTF8.self).trimmed
      }
      #expect(try await standardInput([]) == "/dev/null")
      #expect(try await standardInput(Array("hello".utf8)).hasPrefix("pipe:"))
    }
  #endif

  @Test func `a child that exits before reading its input does not harm the parent`() async throws {
    let much = [UInt8](repeating: 65, count: 1 << 20)
    for _ in 1...20 { #expect(try await CommandRunner.system.run(sh("exit 3", input: much), .seconds(20)).status == 3) }
  }

  @Test func `the child gets exactly the environment and directory it is given`() async throws {
    let directory = try TestDirectory()
    let command = Command(
      "env", [], environment: ["PATH": "/usr/bin:/bin", "ONLY": "this"], workingDirectory: directory.path)
    let seen = String(decoding: try await CommandRunner.system.run(command, .seconds(20)).standardOutput, as: UTF8.self)
    #expect(Set(seen.split(separator: "\n")) == ["PATH=/usr/bin:/bin", "ONLY=this"])
    let pwd = Command("pwd", [], environment: plainEnvironment, workingDirectory: directory.path)
    let path = String(decoding: try await CommandRunner.system.run(pwd, .seconds(20)).standardOutput, as: UTF8.self)
    #expect(path.trimmed == directory.path)
  }

  @Test func `a program is looked up in the PATH of its environment, not in ours`() async throws {
    let directory = try TestDirectory()
    let command = Command("sh", ["-c", "true"], environment: ["PATH": directory.path])
    await #expect(throws: CommandError.notFound(executable: "sh")) {
      try await CommandRunner.system.run(command, .seconds(20))
    }
  }

  @Test func `a program that exceeds its time limit is killed`() async throws {
    let clock = ContinuousClock()
    let start = clock.now
    await #expect(throws: CommandError.timedOut(executable: "sleep", after: .milliseconds(200))) {
      try await CommandRunner.system.run(Command("sleep", ["60"], environment: plainEnvironment), .milliseconds(200))
    }
    #expect(clock.now - start < .seconds(50), "it ran to completion")
  }

  @Test func `output beyond the limit is an error, not buffered`() async throws {
    let flood = Command("head", ["-c", "\(9 << 20)", "/dev/zero"], environment: plainEnvironment)
    await #expect(throws: CommandError.self) { try await CommandRunner.system.run(flood, .seconds(60)) }
  }
}

struct ConversationTests {
  init() { ProcessHardening.ignoreBrokenPipes() }

  private func hold<Value: Sendable>(
    _ script: String, body: @escaping @Sendable (Conversation) async -> Value
  ) async throws -> (Value, ConversationEnd) {
    try await Conversations.run(Command("sh", ["-c", script], environment: plainEnvironment), body: body)
  }

  @Test func `output arrives in chunks while the program runs`() async throws {
    let (answers, end) = try await hold("while read -r line; do echo \"got $line\"; done; exit 5") { conversation in
      let output = conversation.output
      var answers: [String] = []
      for word in ["one", "two"] {
        await conversation.send(Array("\(word)\n".utf8))
        if let bytes = await output.next() {
          answers.append(String(decoding: bytes, as: UTF8.self))
        }
      }
      return answers
    }
    #expect(answers == ["got one\n", "got two\n"])
    #expect(end.status == 5)
  }

  @Test func `the program leads a session of its own, without a terminal to ask on`() async throws {
    let (line, _) = try await hold("echo $$ $(ps -o sid=,tty= -p $$)") { conversation in
      String(decoding: await conversation.output.next() ?? [], as: UTF8.self)
    }
    let words = line.split(whereSeparator: \.isWhitespace)
    #expect(words.count == 3 && words[0] == words[1] && words[2] == "?", "\(line)")
  }

  @Test func `killing the program ends what it has started, too`() async throws {
    let (child, end) = try await hold("sleep 300 & echo $!; wait") { conversation in
      let line = String(decoding: await conversation.output.next() ?? [], as: UTF8.self)
      conversation.kill()
      return line.trimmed
    }
    #expect(end.status == 137)
    let process = try #require(pid_t(child))
    // A process that nobody waits for may stay a zombie for a moment.
    for _ in 0..<100 where kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(50)) }
    let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    #expect(state == nil || state?.contains(") Z ") == true)
  }

  @Test func `standard error is told while the program runs`() async throws {
    let heard = AsyncStream<[UInt8]>.makeStream()
    let command = Command("sh", ["-c", "echo oops >&2; read -r line"], environment: plainEnvironment)
    let (first, _) = try await Conversations.run(command, errorOutput: { heard.continuation.yield($0) }) { _ in
      await heard.stream.first { _ in true }
    }
    #expect(first == Array("oops\n".utf8))
  }

  @Test func `only the tail of standard error is kept, starting at a line break`() async throws {
    let (_, end) = try await hold("yes 'a line' | head -c 300000 >&2; echo the end >&2") { _ in }
    #expect((Conversations.errorTailLimit - 8...Conversations.errorTailLimit).contains(end.errorTail.count))
    let text = String(decoding: end.errorTail, as: UTF8.self)
    #expect(text.hasPrefix("a line\n") && text.hasSuffix("the end\n"))
  }

  @Test func `a program that is killed ends the conversation`() async throws {
    let (_, end) = try await hold("exec sleep 60") { conversation in conversation.kill() }
    #expect(end.status == 137)
  }

  @Test func `a program runs in its own process group, so Ctrl-C does not reach it`() async throws {
    let (answer, _) = try await hold("ps -o pid=,pgid= -p $$") { conversation in
      var text = ""
      while let bytes = await conversation.output.next() { text += String(decoding: bytes, as: UTF8.self) }
      return text.split(separator: " ").map { String($0).trimmed }
    }
    #expect(answer.count == 2)
    #expect(answer.first == answer.last)
  }

  @Test func `a program that does not exist is reported as not found`() async throws {
    let command = Command("ssh-that-is-not-here", [], environment: plainEnvironment)
    await #expect(throws: CommandError.notFound(executable: "ssh-that-is-not-here")) {
      try await Conversations.run(command) { _ in }
    }
  }
}
