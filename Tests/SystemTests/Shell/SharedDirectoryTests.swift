import Platform
import TestSupport
import Testing

@testable import Deployer

/// What ktrdr leaves in a directory that several accounts may deploy to. Two accounts at once are a matter of the lab.
struct SharedDirectoryTests {
  private func mode(of name: String, on host: LocalHost) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(host.directory.path)/stack/\(name)")
    return (attributes[.posixPermissions] as? Int) ?? 0
  }

  @Test(arguments: HostShell.allCases, [(0o755, 0o600, 0o644), (0o775, 0o660, 0o664), (0o2775, 0o660, 0o664)])
  func `the lock and the anchors are the group's where the directory is`(
    shell: HostShell, modes: (directory: Int, lock: Int, anchors: Int)
  ) async throws {
    let host = try LocalHost(shell)
    try host.directory.setMode(modes.directory, of: "stack")
    let answers = try await host.hold { session, _ in
      [await session.call(host.script.lock(owner: "ada")), await session.call(host.script.anchor("1 one 1 aa"))]
    }.0
    #expect(
      answers == [[.fact(name: "lock", fields: ["taken", "unchanged"])], [.fact(name: "anchored", fields: [])]])
    #expect(try mode(of: ".ktrdr-lock", on: host) == modes.lock)
    #expect(try mode(of: ".ktrdr-anchors", on: host) == modes.anchors)
    #expect(try host.directory.names(in: "stack") == [".ktrdr-anchors", ".ktrdr-lock"])
  }

  @Test(arguments: HostShell.allCases)
  func `a lock that is a link or a FIFO is refused, and so are such anchors`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let stack = "\(host.directory.path)/stack"
    try host.directory.write("mine", to: "elsewhere")
    for make in ["ln -s ../elsewhere", "ln -s ../nowhere", "mkfifo"] {
      let line = "rm -f .ktrdr-*; \(make) .ktrdr-lock && \(make) .ktrdr-anchors"
      let made = try await CommandRunner.system.run(
        Command("sh", ["-c", line], environment: host.environment, workingDirectory: stack), .seconds(20))
      try #require(made.status == 0)
      let answers = try await host.hold { session, _ in
        [
          await session.call(host.script.check(variables: [], ledger: "one")),
          await session.call(host.script.lock(owner: "ada")), await session.call(host.script.anchors(of: "one")),
          await session.call(host.script.anchor("1 one 1 aa")),
        ]
      }.0
      #expect(answers[0] != nil, "\(make)")
      #expect(answers[1] == [.fact(name: "lock", fields: ["refused", ".ktrdr-lock is not a regular file"])], "\(make)")
      #expect(answers[2]?.contains(.fact(name: "anchors", fields: ["readable"])) == false, "\(make)")
      #expect(answers[3] == [.fact(name: "anchor-failed", fields: [])], "\(make)")
      #expect(try host.directory.read("elsewhere") == "mine")
      #expect(!host.directory.exists("nowhere"))
    }
  }

  @Test(arguments: HostShell.allCases)
  func `a lock without text may hide a deployment`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    // As a full disk leaves it.
    try host.directory.write("", to: "stack/.ktrdr-lock")
    let answer = try await host.hold { session, _ in
      _ = await session.call(host.script.check(variables: []))
      return await session.call(host.script.lock(owner: "ada"))
    }.0
    #expect(answer == [.fact(name: "lock", fields: ["taken", "changed"])])
  }

  @Test(arguments: HostShell.allCases)
  func `a lock that was replaced while it was taken is none`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    // Another account replaces the file between opening it and locking it.
    let quicker = "flock() { mv .ktrdr-lock gone; (umask 077; echo bob >.ktrdr-lock); command flock \"$@\"; }"
    let answers = try await host.hold { session, _ in
      _ = await session.call(steps(quicker))
      return await session.call(host.script.lock(owner: "ada"))
    }.0
    #expect(answers == [.fact(name: "lock", fields: ["held", "bob"])])
  }
}

/// What the remote shell complains about.
struct RemoteComplaintTests {
  @Test(arguments: HostShell.allCases)
  func `a complaint of the shell is output, not ssh's`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let (seen, end) = try await host.hold { session, _ in
      let seen = await session.call(steps("cat <nothing-of-this-name\necho unfinished | tr -d '\\n' >&2"))
      return (seen, session.hasAnswered, session.lastOutput)
    }
    #expect(end.errorTail.isEmpty, "\(String(decoding: end.errorTail, as: UTF8.self))")
    let output = (seen.0 ?? []).compactMap { event -> String? in if case .output(let line) = event { line } else { nil }
    }
    #expect(output.count == 2)
    #expect(output.first?.contains("nothing-of-this-name") == true)
    #expect(output.last == "unfinished")
    #expect(seen.1)
    #expect(seen.2 == "unfinished")
  }

  @Test(arguments: HostShell.allCases)
  func `a line that a login shell leaves unfinished does not swallow the first answer`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let text = steps("printf Welcome\nprintf 'to all' >&2") + host.script.prologue() + steps("report here")
    let result = try await host.feed(text)
    #expect(
      String(decoding: result.standardOutput, as: UTF8.self).contains("\n@@\(host.script.nonce) fact\tconnected\n"))
  }
}
