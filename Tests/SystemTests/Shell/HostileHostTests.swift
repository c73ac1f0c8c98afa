import Platform
import TestSupport
import Testing

@testable import Deployer

/// A host whose settings, files or other users would make the remote shell give away what it is told.
struct HostileHostTests {
  /// The shell of `host`, started by a line of shell that ends with `exec "$@"`.
  private func call(_ host: LocalHost, startedBy line: String, _ text: [UInt8]) async throws -> [RemoteEvent]? {
    let inner = host.shell.command(host.environment)
    let command = Command(
      "/bin/bash", ["-c", line, "bash", inner.executable] + inner.arguments, environment: host.environment)
    let script = host.script
    return try await Conversations.run(command) { conversation in
      let session = RemoteSession(conversation, script: script)
      await session.open()
      return await session.call(text)
    }.0
  }

  @Test(arguments: HostShell.allCases)
  func `a shell that crashes leaves no core, and neither does what it runs`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let limits = #"sh -c 'ulimit -Sc; ulimit -Hc'"#
    let before = try await CommandRunner.system.run(
      Command("bash", ["-c", "ulimit -c unlimited && exec \(limits)"], environment: plainEnvironment), .seconds(20))
    try #require(String(decoding: before.standardOutput, as: UTF8.self) == "unlimited\nunlimited\n")
    let seen = try await call(
      host, startedBy: #"ulimit -c unlimited && exec "$@""#, steps("ulimit -c; ulimit -Hc; \(limits)"))
    #expect(seen == Array(repeating: .output("0"), count: 4))
  }

  @Test
  func `a trace that the host's environment asks for is switched off before a value comes`() async throws {
    for descriptor in ["", "1", "2", "4", "7", "9"] {
      var host = try LocalHost(.bash)
      host.environment["SHELLOPTS"] = "xtrace:verbose"
      host.environment["BASH_XTRACEFD"] = descriptor
      let control = try await host.feed(Array("VALUE=s3cr3t-value\n".utf8))
      #expect(String(decoding: control.standardOutput + control.standardError, as: UTF8.self).contains("s3cr3t-value"))
      let text =
        host.script.lock(owner: "ada")
        + host.script.values(environment: [("TOKEN", Array("s3cr3t-value".utf8))], login: Array("s3cr3t-value".utf8))
        + Array("compose() { sh -c 'exit 3'; }\n".utf8) + host.script.pull(ComposeScope(services: ["web"]))
      // The lock is answered first, then the values are read by a shell of their own.
      let script = host.script
      let answers = try await host.hold { session, _ in
        [await session.call(text), await session.call(script.anchors(of: "one"))]
      }.0
      #expect(answers[0] != nil && answers[1] != nil, "descriptor \(descriptor)")
      #expect(!"\(answers)".contains("s3cr3t-value"), "descriptor \(descriptor)")
      #expect(try host.directory.read("stack/.ktrdr-lock") == "ada\n", "descriptor \(descriptor)")
    }
  }

  @Test
  func `a shell whose printf is a program is told nothing`() async throws {
    let host = try LocalHost(.bash)
    try host.directory.makeDirectory("bin")
    try host.directory.writeScript("echo \"$*\" >>\(host.directory.path)/seen", to: "bin/printf")
    var there = host
    there.environment["PATH"] = "\(host.directory.path)/bin:\(host.environment["PATH"] ?? "")"
    let result = try await there.feed(
      Array("enable -n printf\n".utf8) + host.script.prologue()
        + host.script.values(environment: [("TOKEN", Array("s3cr3t".utf8))], login: Array("s3cr3t".utf8))
        + host.script.pull(ComposeScope(services: ["web"])))
    #expect(String(decoding: result.standardOutput, as: UTF8.self) == "\(RemoteScript.unfitShell)\n")
    #expect(result.status == 1)
    #expect(!host.directory.exists("seen"))
    var diagnostics = SSHDiagnostics(text: "Authenticated to h ([1.2.3.4]:22) using \"publickey\".")
    (diagnostics.status, diagnostics.remoteText) = (1, RemoteScript.unfitShell)
    #expect(diagnostics.failure == .unfitShell)
  }

  /// Docker is a program here that keeps what it is given, as any user of the host could.
  @Test(arguments: HostShell.allCases)
  func `no argument on the host helps to forge an answer`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.makeDirectory("bin")
    let look = "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >>\(host.directory.path)/seen"
    try host.directory.writeScript(
      "\(look); echo \"$*\" >>\(host.directory.path)/seen\ncase $1 in ps) echo c1;; inspect) echo '\"web\"\tc1';; esac",
      to: "bin/docker")
    var there = host
    there.environment["PATH"] = "\(host.directory.path)/bin:\(host.environment["PATH"] ?? "")"
    let (script, path) = (host.script, host.directory.path)
    let answers = try await there.hold { session, _ in
      let locked = await session.call(script.lock(owner: "ada"))
      // Meanwhile a shell of its own reads the next upload.
      let watched = try? await CommandRunner.system.run(
        Command("sh", ["-c", "sleep 0.3; \(look)"], environment: plainEnvironment), .seconds(20))
      return (locked, watched?.status, await session.call(script.observe()))
    }.0
    #expect(answers.0 == [.fact(name: "lock", fields: ["taken", "unchanged"])])
    #expect(answers.2?.contains(.fact(name: "container", fields: ["\"web\"", "c1"])) == true)
    let seen = try host.directory.read("seen")
    try #require(seen.contains("timeout 60"), "the reading shell was not seen: \(path)")
    try #require(seen.contains("inspect --format"))
    #expect(!seen.contains(script.nonce.description))
  }

  /// A label may hold a pattern whose matches would fill the memory.
  @Test(arguments: HostShell.allCases)
  func `a label is no pattern of files`(shell: HostShell) async throws {
    var host = try LocalHost(shell)
    try host.directory.makeDirectory("bin")
    try host.directory.writeScript(
      """
      case "$1 $2" in
      'ps '*) echo c1 ;;
      'inspect '*) printf '"%s"\tc1\t"x"\tsha256:1\n' '\(host.directory.path)/bin/* b' ;;
      'image inspect') echo "$*" >>\(host.directory.path)/asked ;;
      esac
      """, to: "bin/docker")
    host.environment["PATH"] = "\(host.directory.path)/bin:\(host.environment["PATH"] ?? "")"
    let seen = try await host.call(host.script.observe())
    let label = "\"\(host.directory.path)/bin/* b\""
    #expect(seen?.contains(.fact(name: "container", fields: [label, "c1", "\"x\"", "sha256:1"])) == true)
    #expect(try host.directory.read("asked").contains(" sha256:1\n"))
    #expect(try !host.directory.read("asked").contains("bin/docker"))
  }

  @Test(arguments: HostShell.allCases)
  func `a lock file of any size takes no time`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    try host.directory.write(Array(repeating: UInt8(ascii: "x"), count: 200 << 20), to: "stack/.ktrdr-lock")
    try host.directory.setMode(0o600, of: "stack/.ktrdr-lock")
    let clock = ContinuousClock()
    let begun = clock.now
    #expect(try await host.facts(host.script.lock(owner: "ada"))["lock"]?.first == "taken")
    #expect(clock.now - begun < .seconds(60))
    #expect(try host.directory.read("stack/.ktrdr-lock") == "ada\n")
  }

  @Test(arguments: HostShell.allCases)
  func `an anchor file of any size takes little memory`(shell: HostShell) async throws {
    let host = try LocalHost(shell)
    let giant = Array(repeating: UInt8(ascii: "x"), count: 200 << 20)
    let line = "ktrdr-anchor/1 one 1 aa 2026-01-01T00:00:00.000Z"
    for (content, newest) in [
      (giant + Array("\n\(line)\n".utf8), line), (Array("\(line)\n".utf8) + giant, nil),
      (Array("\(line)\n".utf8) + giant + Array("\n".utf8), nil),
    ] {
      try host.directory.write(content, to: "stack/.ktrdr-anchors")
      let limited = #"ulimit -v 100000 && exec "$@""#
      let kept = HostShell.facts(try await call(host, startedBy: limited, host.script.anchors(of: "one")))
      #expect(kept["anchors"] == ["readable"])
      #expect(kept["anchor"] == newest.map { [$0] })
      let check = HostShell.facts(
        try await call(host, startedBy: limited, host.script.check(variables: [], ledger: "one")))
      #expect(check["anchor"] == newest.map { [$0] })
    }
  }
}
