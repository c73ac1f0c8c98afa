import Platform
import TestSupport
import Testing

@testable import Deployer

/// A login that a killed shell left on the host, and what the next connection does about it.
struct OrphanedLoginTests {
  private func run(_ line: String) async throws -> String {
    let result = try await CommandRunner.system.run(
      Command("sh", ["-c", line], environment: plainEnvironment), .seconds(20))
    #expect(result.status == 0, "\(line): \(String(decoding: result.standardError, as: UTF8.self))")
    return String(decoding: result.standardOutput, as: UTF8.self).trimmed
  }

  @Test(arguments: HostShell.allCases)
  func `a login whose shell was killed is removed by the next connection, one in use is not`(
    shell: HostShell
  ) async throws {
    let host = try LocalHost(shell)
    let pull =
      host.script.values(environment: [], login: Array("{}".utf8))
      + Array("compose() { echo \"config $DOCKER_CONFIG pid $$\"; sleep 0.5; }\n".utf8)
      + host.script.pull(ComposeScope(services: ["web"]))
    let left = try await host.hold { session, conversation in
      var login = ""
      _ = await session.call(pull) { event in
        guard case .output(let line) = event, line.hasPrefix("config ") else { return }
        login = String(line.split(separator: " ")[1])
        // Somebody else's connection comes meanwhile: it is in use.
        _ = try? await host.call(steps(""))
        _ = try? await run("test -f \(login)/config.json && kill -KILL \(line.split(separator: " ")[3])")
      }
      return login
    }.0
    #expect(left.hasPrefix("/dev/shm/ktrdr."))
    #expect(try await run("ls \(left)").contains("config.json"))
    // The part of the shell that waits for Compose lives a little longer, and Compose with it.
    for _ in 0..<100 where try await run("ls -d \(left) 2>/dev/null || echo gone") != "gone" {
      _ = try await host.call(steps(""))
    }
    #expect(try await run("ls -d \(left) 2>/dev/null || echo gone") == "gone")
  }

  @Test(arguments: HostShell.allCases)
  func `nothing else of that name is touched`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let place = "/dev/shm/ktrdr.\(UUID().uuidString.prefix(8))"
    defer {
      for suffix in ["a", "b", "c", "d", "e", "f"] { try? FileManager.default.removeItem(atPath: place + suffix) }
    }
    // Another account's, a link, and a directory that no shell of ktrdr has made.
    _ = try await run(
      """
      mkdir -m 700 \(place)a \(host.directory.path)/real && chown 12345 \(place)a
      for each in \(place)a \(host.directory.path)/real; do touch $each/owner $each/config.json; done
      mkdir \(place)d \(place)e \(place)f && touch \(place)d/owner \(place)e/owner
      touch -d '5 minutes ago' \(place)e \(place)f
      ln -s \(host.directory.path)/real \(place)b && mkdir \(place)c && touch \(place)c/config.json
      """)
    _ = try await host.call(steps(""))
    // One that has just been made, and two that were left before a login came.
    #expect(try await run("ls -d \(place)[def]") == "\(place)d")
    for suffix in ["a", "b", "c"] {
      #expect(try await run("ls \(place)\(suffix)/").contains("config.json"), "\(suffix)")
    }
  }

  @Test(arguments: HostShell.allCases)
  func `a lock that an earlier version left open to everybody is closed`(shell: HostShell) async throws {
    for (directory, mode) in [(0o755, "600"), (0o775, "660")] {
      let host = try LocalHost(shell)
      try host.directory.write("", to: "stack/.ktrdr-lock")
      try host.directory.setMode(0o644, of: "stack/.ktrdr-lock")
      try host.directory.setMode(directory, of: "stack")
      #expect(try await host.facts(host.script.lock(owner: "ada"))["lock"]?.first == "taken")
      #expect(try await run("stat -c %a \(host.directory.path)/stack/.ktrdr-lock") == mode)
    }
  }

  @Test(arguments: HostShell.allCases)
  func `whoever had such a lock open cannot take it any more, and one that is taken is told`(
    shell: HostShell
  ) async throws {
    let host = try LocalHost(shell)
    try host.directory.write("", to: "stack/.ktrdr-lock")
    try host.directory.setMode(0o644, of: "stack/.ktrdr-lock")
    let lock = "\(host.directory.path)/stack/.ktrdr-lock"
    // A program that has the file open since, and locks it when it is told.
    let script = "exec 8<\(lock); while [ ! -e \(lock).go ]; do sleep 0.05; done; flock -n 8 && echo mine; sleep 600"
    let command = Command("sh", ["-c", script], environment: plainEnvironment)
    let answers = try await Conversations.run(command, exitLimit: .zero) { stranger in
      let first = try? await host.facts(host.script.lock(owner: "ada"))["lock"]?.first
      try? host.directory.write("", to: "stack/.ktrdr-lock.go")
      let theirs = await stranger.output.next().map { String(decoding: $0, as: UTF8.self) }
      let second = try? await host.facts(host.script.lock(owner: "ada"))["lock"]?.first
      return (first, theirs, second)
    }.0
    #expect(answers.0 == "taken" && answers.1 == "mine\n" && answers.2 == "taken")
    try host.directory.setMode(0o644, of: "stack/.ktrdr-lock")
    let holder = Command("flock", [lock, "sh", "-c", "echo locked; sleep 600"], environment: plainEnvironment)
    let refusal = try await Conversations.run(holder, exitLimit: .zero) { other in
      _ = await other.output.next()
      return try? await host.facts(host.script.lock(owner: "ada"))["lock"]
    }.0
    #expect(
      refusal
        == ["held", "ada (every user of the host can lock .ktrdr-lock: remove it while nobody deploys)"])
  }
}
