import Foundation
import TestSupport
import Testing

/// Every exit status that can be produced without a host. The lab tests cover the others.
struct ExitStatusTests {
  private static let inventory = """
    registry: {server: ghcr.io, username: ada, token: ghcr_token}
    secrets: {item: core}
    targets:
      core:
        host: no-such-host.invalid
        directory: /opt/core
        services: [backend, db]
        secrets: {DB_PASSWORD: db_password}
    """

  private func someone() throws -> Person {
    let person = try Person()
    try person.home.write(Self.inventory, to: "ktrdr.yml")
    return person
  }

  @Test(arguments: [
    ["--help"], ["--version"], ["deploy", "--help"], ["config", "check"], ["ledger", "path"], ["history"],
  ])
  func `0: success`(words: [String]) async throws {
    let result = try await someone().ktrdr(words: words)
    #expect(result.status == 0, "\(result.error)")
  }

  @Test(arguments: [
    (["deploy", "core", "bakend", "--tag", "sha-a1b2c3d"], "did you mean 'backend'?"),
    (["deploy", "core", "backend", "--tga", "x"], "--tga"),
    (["deploy", "target", "gpu", "--tag", "sha-a1b2c3d"], "expected core"), (["depoly"], "depoly"),
    (["deploy", "core", "backend", "--tag", "no spaces"], "image tag"),
    (["deploy", "core", "back end", "--tag", "sha-a1b2c3d"], "service"),
    (["deploy", "core", "backend", "--profile", "-x"], "--profile"),
    (["history", "--outcome", "fine"], "unknown outcome 'fine': expected one of running"),
    (["history", "--since", "tomorrow"], "invalid time 'tomorrow'"), (["history", "--limit", "0"], "--limit"),
    (["history", "--kind", "undo"], "unknown kind 'undo': expected deploy or rollback"),
    (["doctor", "cor"], "did you mean 'core'?"), (["show"], "<deployment>"),
    (["show", "1"], "no ledger"), (["deploy", "core", "backend"], "not in a git repository"),
  ])
  func `64: a usage error says what is allowed`(words: [String], answer: String) async throws {
    let result = try await someone().ktrdr(words: words)
    #expect(result.status == 64, "\(result.error)")
    #expect(result.error.contains(answer), "\(result.error)")
    #expect(result.output.isEmpty)
  }

  @Test(arguments: [
    (["workers", "all", "--profile", "scale-9"], "none of workers-b, workers-c, gpu has a profile scale-9"),
    (["workers", "gpu", "--profile", "scale-2"], "gpu has no profile scale-2"),
  ])
  func `64: a profile that no chosen target has`(words: [String], answer: String) async throws {
    let result = try await Person().ktrdr(words: ["deploy"] + words + ["--tag", "sha-a1b2c3d"])
    #expect(result.status == 64, "\(result.error)")
    #expect(result.error.contains(answer), "\(result.error)")
  }

  @Test func `64: git is not installed, and the message offers --tag`() async throws {
    var person = try someone()
    person.environment["PATH"] = "/nonexistent"
    let result = try await person.ktrdr("deploy", "core", "backend")
    #expect(result.status == 64)
    #expect(result.error.contains("git is not installed"))
    #expect(result.error.contains("--tag"))
  }

  @Test(arguments: ["garbage, not a database", "SQLite format 3\0 and then garbage", "x"])
  func `65: a file that is not a ledger is left unchanged`(text: String) async throws {
    let person = try someone()
    try person.home.write(text, to: "garbage.db")
    for words in [
      ["history"], ["show", "1"], ["ledger", "verify"], ["deploy", "core", "db", "--tag", "sha-a1b2c3d"],
    ] {
      let result = try await person.ktrdr(words: words + ["--ledger", "\(person.home.path)/garbage.db"])
      #expect(result.status == 65, "\(words): \(result.error)")
      #expect(result.error.contains("garbage.db"))
    }
    #expect(try person.home.bytes(of: "garbage.db") == Array(text.utf8))
  }

  @Test func `69: an unknown host and a missing op are reported together, and nothing is recorded`() async throws {
    let person = try someone()
    let result = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d")
    #expect(result.status == 69)
    #expect(result.error.contains("could not resolve no-such-host.invalid"), "\(result.error)")
    #expect(result.error.contains("op, the 1Password CLI, is not installed"), "\(result.error)")
    #expect(result.error.components(separatedBy: "\n  next: ").count == 3, "\(result.error)")
    #expect(try await person.ktrdr("history", "--format", "json").output == "[]\n")
  }

  @Test(arguments: [["deploy", "core", "backend", "--tag", "sha-a1b2c3d"], ["doctor"]])
  func `69: ssh is not installed`(words: [String]) async throws {
    var person = try someone()
    person.environment["PATH"] = "/nonexistent"
    let result = try await person.ktrdr(words: words)
    #expect(result.status == 69, "\(result.error)")
    #expect((result.output + result.error).contains("install openssh-client"))
  }

  @Test func `75: another deployment on this machine holds the target's lock`() async throws {
    let person = try someone()
    _ = try await person.ktrdr("deploy", "core", "db", "--tag", "sha-a1b2c3d")  // creates the ledger's directory
    let (sign, lock) = ("\(person.home.path)/held", "\(person.home.path)/state/lock-core")
    let result = try await Programs.holding(
      "flock", ["-n", "-o", lock, "sh", "-c", Programs.waiting(for: sign)], sign: sign
    ) { [person] in
      try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d")
    }
    #expect(result.status == 75, "\(result.error)")
    #expect(result.error.contains("core is being deployed by"))
    #expect(result.error.contains("try again"))
    #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d").status == 69)
  }

  @Test func `77: op is not installed, with all other checks skipped`() async throws {
    let result = try await someone().ktrdr("deploy", "core", "backend", "--tag", "sha-a1b2c3d", "--skip-validation")
    #expect(result.status == 77, "\(result.error)")
    #expect(result.error.contains("op, the 1Password CLI, is not installed"))
    #expect(result.error.contains("next: install it"))
  }

  @Test func `78: every mistake in the inventory is reported with its line`() async throws {
    let person = try someone()
    let broken = """
      regsitry: {server: ghcr.io}
      targets:
        core:
          host: "bad host"
          directory: /opt/core
          environment: {PATH: x}
          health_timeout: soon
      """
    try person.home.write(broken, to: "ktrdr.yml")
    for words in [["config", "check"], ["doctor"], ["deploy", "core", "backend", "--tag", "sha-a1b2c3d"]] {
      let result = try await person.ktrdr(words: words)
      #expect(result.status == 78, "\(words): \(result.error)")
      for line in [":1:", ":4:", ":6:", ":7:"] { #expect(result.error.contains(line), "\(line) in \(result.error)") }
    }
  }

  @Test func `78: the inventory does not exist`() async throws {
    let result = try await someone().ktrdr("config", "check", "--config", "/nonexistent/ktrdr.yml")
    #expect(result.status == 78)
    #expect(result.error.contains("/nonexistent/ktrdr.yml"))
  }
}
