import Platform
import TestSupport
import Testing

@testable import Deployer

/// What the remote shell does when its client says nothing any more. The real shell, on this machine.
@Suite struct IdleShellTests {
  private struct Held {
    var answer: [RemoteEvent]
    var after: [RemoteEvent]?
    var seconds: Double
  }

  /// Starts a shell, takes the lock of `directory`, is silent for `pause`, and asks for the anchors.
  private func hold(_ directory: String, shell: [String], idleLimit: Int, pause: Duration) async throws -> Held {
    var script = RemoteScript(nonce: Nonce(), directory: directory, composeFiles: [])
    script.idleLimit = idleLimit
    let command = Command(
      shell[0], Array(shell.dropFirst()) + ["-s"], environment: ["PATH": "/usr/bin:/bin", "HOME": directory])
    let begun = ContinuousClock().now
    let held = script
    let uploads = (prologue: script.prologue(), lock: script.lock(owner: "me"), ask: script.anchors(of: "x"))
    let (found, _) = try await Conversations.run(command) { conversation in
      let session = RemoteSession(conversation, script: held)
      let answer = await session.call(uploads.prologue + uploads.lock) ?? []
      try? await Task.sleep(for: pause)
      let after = await session.call(uploads.ask)
      return (answer, after)
    }
    return Held(answer: found.0, after: found.1, seconds: Double((ContinuousClock().now - begun).milliseconds) / 1000)
  }

  @Test(arguments: [["/bin/sh"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"]])
  func `a shell whose client is silent for too long frees the lock and ends`(shell: [String]) async throws {
    let directory = try TestDirectory()
    let first = try await hold(directory.path, shell: shell, idleLimit: 1, pause: .milliseconds(2500))
    #expect(first.answer.contains(.fact(name: "lock", fields: ["taken", "unchanged"])))
    #expect(first.after == nil, "the shell still answers")
    let second = try await hold(directory.path, shell: shell, idleLimit: 20, pause: .zero)
    #expect(second.answer.contains(.fact(name: "lock", fields: ["taken", "changed"])))
  }

  @Test(arguments: [["/bin/sh"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"]])
  func `a client that thinks for less than the limit keeps its shell`(shell: [String]) async throws {
    let directory = try TestDirectory()
    let held = try await hold(directory.path, shell: shell, idleLimit: 20, pause: .milliseconds(300))
    #expect(held.after != nil)
  }

  @Test(arguments: [["/bin/sh"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"]])
  func `every byte of a value still comes through once the lock is held`(shell: [String]) async throws {
    let directory = try TestDirectory()
    let value = (1...255).map { UInt8($0) } + Array("\nsay done\n'\"$(id)\\ \n\n".utf8)
    let script = RemoteScript(nonce: Nonce(), directory: directory.path, composeFiles: [])
    let command = Command(
      shell[0], Array(shell.dropFirst()) + ["-s"], environment: ["PATH": "/usr/bin:/bin", "HOME": directory.path])
    let uploads = [
      script.prologue() + script.lock(owner: "me"),
      script.values(environment: [("VALUE", value)], login: [])
        + Array("with_environment sh -c 'printf %s \"$VALUE\" >out' </dev/null\n".utf8) + script.anchors(of: "x"),
    ]
    let (answers, _) = try await Conversations.run(command) { conversation in
      let session = RemoteSession(conversation, script: script)
      var answers: [[RemoteEvent]?] = []
      for upload in uploads { answers.append(await session.call(upload)) }
      return answers
    }
    #expect(!answers.contains(nil))
    #expect(try directory.bytes(of: "out") == value)
  }
}
