import TestSupport
import Testing

@testable import Deployer

/// Compose is replaced by a function that shows what it is given; all else is the real script in real shells.
struct RemoteLoginTests {
  private static let spy =
    "compose() { set +f; echo \"config $DOCKER_CONFIG\"; stat -c '%a %F' \"$DOCKER_CONFIG\" \"$DOCKER_CONFIG\"/*; "
    + "cat \"$DOCKER_CONFIG/config.json\"; echo; echo \"token $TOKEN\"; ${WAIT:-true}; }\n"

  private func pull(_ host: LocalHost, before: String = "") -> [UInt8] {
    host.script.values(environment: [("TOKEN", Array("s3cr3t".utf8))], login: Array(#"{"auths": {}}"#.utf8))
      + Array((before + Self.spy).utf8) + host.script.pull(ComposeScope(services: ["web"]))
  }

  private func host(_ shell: HostShell) throws -> LocalHost {
    var host = try LocalHost(shell)
    host.environment["XDG_RUNTIME_DIR"] = nil
    try host.directory.makeDirectory("home/.docker/cli-plugins")
    try host.directory.makeDirectory("home/.docker/contexts")
    try host.directory.write("{\"mine\": true}", to: "home/.docker/config.json")
    return host
  }

  @Test(arguments: HostShell.allCases)
  func `the login lives in a private directory on tmpfs for the pull alone`(shell: HostShell) async throws {
    let host = try host(shell)
    let seen = try #require(try await host.call(pull(host)))
    #expect(seen.prefix(3) == [.begin(step: "login"), .end(step: "login", status: 0), .begin(step: "pull")])
    let lines = seen.compactMap { event -> String? in if case .output(let line) = event { line } else { nil } }
    let config = try #require(lines.first { $0.hasPrefix("config ") }).dropFirst(7)
    #expect(config.hasPrefix("/dev/shm/ktrdr."))
    #expect(lines.contains("700 directory"))
    #expect(lines.contains("600 regular file"))
    #expect(lines.filter { $0.hasSuffix("symbolic link") }.count == 2)
    #expect(lines.contains(#"{"auths": {}}"#))
    #expect(lines.contains("token s3cr3t"))
    #expect(seen.last == .end(step: "pull", status: 0))
    #expect(try await exists(String(config)) == false)
    #expect(try host.directory.read("home/.docker/config.json") == "{\"mine\": true}")
  }

  @Test(arguments: HostShell.allCases)
  func `the login is gone too when the client goes during the pull`(shell: HostShell) async throws {
    let host = try host(shell)
    let text = pull(host, before: "WAIT='sleep 0.5'\n")
    let (config, _) = try await host.hold { session, conversation in
      await conversation.send(text)
      await conversation.close()
      var config = ""
      _ = await session.call([]) { event in
        if case .output(let line) = event, line.hasPrefix("config ") { config = String(line.dropFirst(7)) }
      }
      return config
    }
    #expect(config.hasPrefix("/dev/shm/ktrdr."))
    #expect(try await exists(config) == false)
  }

  @Test(arguments: HostShell.allCases)
  func `a directory on a disk is not taken for the login, whatever it is called`(shell: HostShell) async throws {
    var host = try host(shell)
    try host.directory.makeDirectory("runtime")
    host.environment["XDG_RUNTIME_DIR"] = "\(host.directory.path)/runtime"
    let kind = try await CommandRunner.system.run(
      Command("stat", ["-f", "-c", "%T", host.directory.path], environment: plainEnvironment), .seconds(20))
    try #require(String(decoding: kind.standardOutput, as: UTF8.self).trimmed != "tmpfs", "TMPDIR is on tmpfs")
    let seen = try await host.call(pull(host)) ?? []
    #expect(seen.contains { if case .output(let line) = $0 { line.hasPrefix("config /dev/shm/") } else { false } })
  }

  @Test(arguments: HostShell.allCases)
  func `a host without a writable tmpfs fails before it pulls`(shell: HostShell) async throws {
    let host = try host(shell)
    let inner = shell.command(host.environment)
    // In mounts of its own, where every place for a tmpfs is read-only.
    let command = Command(
      "unshare",
      [
        "--mount", "sh", "-c", "mount -t tmpfs -o ro none /dev/shm && exec \"$@\"", "sh", inner.executable,
      ] + inner.arguments, environment: host.environment)
    let text = host.script.prologue() + pull(host)
    let script = host.script
    let (seen, end) = try await Conversations.run(command) { conversation in
      await RemoteSession(conversation, script: script).call(text)
    }
    // busybox takes a read-only place for a writable one until it tries.
    let told = seen?.filter { if case .output = $0 { false } else { true } }
    #expect(
      told == [
        .begin(step: "login"), .fact(name: "login", fields: ["no-tmpfs"]), .end(step: "login", status: 1),
      ], "\(String(decoding: end.errorTail, as: UTF8.self))")
  }

  /// Docker's own layout, one line, a helper for a registry, a credential store; entries without a login; words that look
  /// like the parts of interest.
  private static let configurations: [(String, Set<String>)] = [
    (
      """
      {
      \t"auths": {
      \t\t"ghcr.io": {
      \t\t\t"auth": "YWRhOnMzY3JldA=="
      \t\t},
      \t\t"https://index.docker.io/v1/": {"identitytoken": "s3cret"},
      \t\t"left.example.org": {}
      \t},
      \t"HttpHeaders": {"User-Agent": "\\"auths\\": {\\"evil.example.org\\": {\\"auth\\": 1}}"},
      \t"psFormat": "table {{.ID}}\\t{{.Names}}"
      }
      """, ["ghcr.io", "https://index.docker.io/v1/"]
    ),
    (#"{"auths":{"a.io":{},"b.io:5000":{}},"credsStore":"pass","currentContext":"x"}"#, ["a.io", "b.io:5000"]),
    (#"{"credHelpers":{"1.ecr.example.org":"ecr-login"},"auths":{"c.io":{}}}"#, ["1.ecr.example.org"]),
    (#"{"credsStore":"ecr-login"}"#, []), (#"{"auths": {"#, []), ("", []),
  ]

  @Test(arguments: HostShell.allCases, configurations)
  func `the registries of the user's own logins are reported, and nothing else of them`(
    shell: HostShell, configuration: (String, Set<String>)
  ) async throws {
    let host = try host(shell)
    try host.directory.write(configuration.0, to: "home/.docker/config.json")
    let seen = try #require(try await host.call(pull(host)))
    let reported = seen.compactMap { event -> [String]? in
      if case .fact("host-logins", let servers) = event { servers } else { nil }
    }
    #expect(Set(reported.joined()) == configuration.1)
    #expect(reported.count <= 1)
    #expect(!"\(seen)".contains("YWRhOnMzY3JldA") && !"\(seen)".contains("s3cret"))
    #expect(seen.last == .end(step: "pull", status: 0))
  }

  @Test(arguments: HostShell.allCases)
  func `a Docker configuration elsewhere is the user's own, too`(shell: HostShell) async throws {
    var host = try host(shell)
    try host.directory.makeDirectory("elsewhere/contexts")
    try host.directory.write(#"{"auths":{"a.io":{"auth":"x"}}}"#, to: "elsewhere/config.json")
    host.environment["DOCKER_CONFIG"] = "\(host.directory.path)/elsewhere"
    let seen = try #require(try await host.call(pull(host)))
    #expect(seen.contains(.fact(name: "host-logins", fields: ["a.io"])))
    #expect(seen.contains(.output("777 symbolic link")))
  }

  private func exists(_ path: String) async throws -> Bool {
    try await CommandRunner.system.run(Command("test", ["-e", path], environment: plainEnvironment), .seconds(20))
      .status == 0
  }
}
