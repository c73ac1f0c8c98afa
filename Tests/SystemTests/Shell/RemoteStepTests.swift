import TestSupport
import Testing

@testable import Deployer

struct RemoteStepTests {
  @Test(arguments: HostShell.allCases)
  func `a step is told with its output and its status`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let seen = try await host.call(steps("step demo sh -c 'echo out; echo err >&2; exit 7'"))
    #expect(
      seen == [.begin(step: "demo"), .output("out"), .output("err"), .end(step: "demo", status: 7)])
  }

  private static let ends: [(String, Int32)] = [("exit 0", 0), ("exit 255", 255), ("kill -KILL $$", 137)]

  @Test(arguments: HostShell.allCases, ends)
  func `a step's status is its program's own`(shell: HostShell, end: (String, Int32)) async throws {
    let host = try LocalHost(shell)
    #expect(try await host.call(steps("step demo sh -c '\(end.0)'"))?.last == .end(step: "demo", status: end.1))
  }

  @Test(arguments: HostShell.allCases)
  func `a program that is not there is a step that failed`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    #expect(try await host.call(steps("step demo nothing-of-this-name"))?.last == .end(step: "demo", status: 127))
  }

  @Test(arguments: HostShell.allCases)
  func `a last line without its newline does not swallow the marker`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let seen = try await host.call(steps("step demo printf x"))
    #expect(seen == [.begin(step: "demo"), .output("x"), .end(step: "demo", status: 0)])
  }

  @Test(arguments: HostShell.allCases)
  func `a program inside a step cannot read the commands that follow`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let seen = try await host.call(steps("step eater cat\nstep next echo still here"))
    #expect(seen?.contains(.output("still here")) == true)
  }

  @Test(arguments: HostShell.allCases)
  func `a program cannot forge a marker: the nonce is nowhere that it can see`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let looks = "env; cat /proc/self/cmdline /proc/$PPID/cmdline | tr \"\\0\" \" \"; ls -l /proc/self/fd/"
    let forged = "@@\(Nonce()) end\tspy\t0"
    let seen = try #require(try await host.call(steps("step spy sh -c '\(looks); echo \"\(forged)\"'")))
    let output = seen.compactMap { event -> String? in if case .output(let line) = event { line } else { nil } }
    #expect(output.contains(forged))
    #expect(!output.joined().contains(host.script.nonce.description))
  }

  @Test(arguments: HostShell.allCases)
  func `a great deal of output arrives whole and in order`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let seen = try #require(try await host.call(steps("step flood seq 1 15000")))
    #expect(seen.count == 15_002)
    #expect(seen[15_000] == .output("15000"))
  }

  @Test func `a program that never stops writing does not fill the client's memory`() async throws {
    let host = try LocalHost(.dash)
    let seen = try #require(try await host.call(steps("step flood seq 1 60000")))
    #expect((1..<40_000).contains(seen.count))
  }

  @Test(arguments: HostShell.allCases)
  func `a client that is gone lets the step end and begins nothing further`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let (answer, _) = try await host.hold { session, conversation in
      await conversation.send(Array("cd \"$directory\"\nstep first sh -c 'sleep 0.4; echo done >first'\n".utf8))
      await conversation.close()
      return await session.call([])
    }
    #expect(answer == nil)
    #expect(try host.directory.names(in: "stack") == ["first"])
  }

  @Test(arguments: HostShell.allCases)
  func `a connection that breaks midway does not stop a step that writes`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let lines = "cd \"$directory\"\nstep up sh -c 'seq 1 50000; echo done >first'\nstep next touch second\n"
    // The reader takes the greeting and one marker, each with its empty line, and goes, as an ssh that is killed does.
    let shell = host.shell.command(host.environment)
    let cut = Command(
      "sh", ["-c", "\"$@\" | head -n 4", "sh", shell.executable] + shell.arguments,
      standardInput: host.script.prologue() + Array(lines.utf8), environment: host.environment)
    let result = try await CommandRunner.system.run(cut, .seconds(60))
    let mark = "@@\(host.script.nonce) "
    #expect(
      String(decoding: result.standardOutput, as: UTF8.self) == "\n\(mark)fact\tconnected\n\n\(mark)begin\tup\n")
    #expect(try host.directory.names(in: "stack") == ["first"])
  }

  @Test(arguments: HostShell.allCases)
  func `one host's lock is held by one deployment, and its text says whose`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let (answers, _) = try await host.hold { session, _ in
      let first = await session.call(host.script.lock(owner: "ada@example.org, deployment 7"))
      let second = try? await host.call(host.script.lock(owner: "bob"))
      return [first, second]
    }
    #expect(answers[0] == [.fact(name: "lock", fields: ["taken", "unchanged"])])
    #expect(answers[1] == [.fact(name: "lock", fields: ["held", "ada@example.org, deployment 7"])])
    #expect(try await host.call(host.script.lock(owner: "bob")) == [.fact(name: "lock", fields: ["taken", "changed"])])
  }

  @Test(arguments: HostShell.allCases)
  func `a lock is free as soon as its shell is gone, whatever the shell has left running`(
    shell: HostShell
  ) async throws {
    let host = try LocalHost(shell)
    try await host.hold { session, conversation in
      _ = await session.call(host.script.lock(owner: "ada"))
      // A step waits for whoever has its descriptors, and a shell that holds the lock for the end of an upload.
      let leftover = "step leftover sh -c 'setsid sleep 20 >/dev/null 2>&1 5>&- &'"
      let ended = await session.call(steps(leftover) + Array("\(host.script.endOfUpload)\n".utf8))
      #expect(ended?.last == .end(step: "leftover", status: 0))
      conversation.kill()
    }
    // Its last child may outlive the shell by a moment, and not by as much as what was left running.
    let clock = ContinuousClock()
    let killed = clock.now
    var answer: [RemoteEvent]?
    repeat {
      answer = try await host.call(host.script.lock(owner: "bob"))
    } while answer?.first == .fact(name: "lock", fields: ["held", "ada"]) && clock.now - killed < .seconds(8)
    #expect(answer == [.fact(name: "lock", fields: ["taken", "changed"])])
  }

  @Test(arguments: HostShell.allCases)
  func `a lock that cannot be taken is reported, and the shell goes on`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    // A directory in its place, which root cannot write either.
    try host.directory.makeDirectory("stack/.ktrdr-lock")
    let answers = try await host.hold { session, _ in
      [await session.call(host.script.lock(owner: "ada")), await session.call(steps("step next echo still here"))]
    }.0
    #expect(answers[0] == [.fact(name: "lock", fields: ["refused", ".ktrdr-lock is not a regular file"])])
    #expect(answers[1]?.contains(.output("still here")) == true)
  }
}
