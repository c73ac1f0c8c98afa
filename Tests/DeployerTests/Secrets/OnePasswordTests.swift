import Testing

@testable import Deployer

/// Runs the lab's stand-in for `op`, which prints the messages of `op` 2.
@Suite struct OnePasswordTests {
  private static let request = ItemRequest(item: "thing")

  private static func failure(
    _ how: String, vault: String? = nil, environment: [String: String] = [:]
  ) async throws -> OnePasswordError? {
    let standIn = try StandIn(environment: environment)
    try standIn.fail(how)
    do throws(OnePasswordError) {
      _ = try await standIn.onePassword().item(ItemRequest(item: "thing", vault: vault))
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    ("not-signed-in", OnePasswordError.notSignedIn), ("account-not-signed-in", .notSignedIn),
    ("no-session", .notSignedIn), ("no-accounts", .noAccounts), ("dismissed", .promptDismissed),
    ("timeout", .promptTimedOut), ("no-setup", .sessionFailed), ("no-item", .itemNotFound(item: "thing", vault: nil)),
    ("many-items", .ambiguousItem(item: "thing")), ("no-vault", .vaultNotFound(vault: nil)),
    ("vault-needed", .vaultRequired(item: "thing")), ("too-many-requests", .rateLimited),
    ("deleted", .serviceAccountDeleted), ("no-such-host", .offline), ("no-app", .appUnreachable),
    ("app-refuses", .appUnreachable),
    ("expired", .sessionExpired), ("forbidden", .forbidden), ("server-error", .serverFailed),
    ("no-server", .serverFailed), ("unknown", .unknown(line: "an error that nobody has seen before")),
    ("empty", .unparsableAnswer), ("garbage", .unparsableAnswer),
  ])
  func `each failure of op is recognised`(key: String, expected: OnePasswordError) async throws {
    #expect(try await Self.failure("item-get \(key)") == expected)
  }

  @Test func `an item missing from a vault is reported with the vault`() async throws {
    let failure = try await Self.failure("item-get no-item-in-vault", vault: "KTRDR Homelab Secrets")
    #expect(failure == .itemNotFound(item: "thing", vault: "KTRDR Homelab Secrets"))
    #expect(try await Self.failure("x y", vault: "Other") == .vaultNotFound(vault: "Other"))
  }

  @Test func `every error has its own message and its own next step`() {
    let all: [OnePasswordError] = [
      .notInstalled, .timedOut, .unparsableAnswer, .notStarted, .unknown(line: "no"), .appUnreachable, .sessionExpired,
      .forbidden, .serverFailed, .notSignedIn, .noAccounts, .promptDismissed,
      .promptTimedOut, .sessionFailed, .rateLimited, .serviceAccountDeleted, .offline,
      .itemNotFound(item: "i", vault: "v"), .ambiguousItem(item: "i"), .vaultNotFound(vault: "v"),
      .vaultRequired(item: "i"), .fieldMissing(field: "f", item: "i", known: ["k"]), .fieldEmpty(field: "f", item: "i"),
      .fieldAmbiguous(field: "f", item: "i", choices: ["a.f", "b.f"]), .fieldIsOneTimePassword(field: "f", item: "i"),
    ]
    #expect(Set(all.map(\.what)).count == all.count)
    #expect(Set(all.map(\.nextStep)).count == all.count)
  }

  @Test func `op's own words about an unknown failure carry no token`() async throws {
    for environment in [[:], ["OP_SERVICE_ACCOUNT_TOKEN": "swordfish"]] {
      let failure = try await Self.failure(
        "item-get unknown-token", vault: "KTRDR Homelab Secrets", environment: environment)
      #expect(failure?.what == "op failed: cannot use [withheld]: nobody has seen this before")
    }
  }

  @Test(arguments: [
    ("[ERROR] 2026/11/24 10:00:00 it broke\nand more", "it broke"), ("\n\n  it broke \n", "it broke"),
    ("[ERROR] it broke", "it broke"), ("\u{1B}[31m[ERROR] 2026/11/24 10:00:00 red\u{1B}[0m", "red"),
    ("token ops_eyJzaWdu= is bad", "token [withheld] is bad"),
    ("jwt eyJhbGciOiJI.eyJzdWIi.x", "jwt [withheld].[withheld].x"),
    ("key A3-ASWWYB-798JRY-LJVD4-23DC2-86TVM-H43EB!", "key [withheld]!"),
    ("got 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "got [withheld]"),
    ("value 'cGFzc3dvcmQxMjM0NTY3ODkwcXdlcnR5' here", "value '[withheld]' here"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[withheld]"),
    (
      "Post https://my.1password.com/api/v3/auth/start failed", "Post https://my.1password.com/api/v3/auth/start failed"
    ),
    ("authorization-prompt-dismissed-again", "authorization-prompt-dismissed-again"),
  ])
  func `op's first line is cleaned`(said: String, line: String) {
    #expect(OnePasswordWords(said).firstLine == line)
  }

  @Test func `an op that says nothing is reported as that`() {
    #expect(OnePasswordError.classify("\n \n", request: nil) == .unknown(line: nil))
    #expect(OnePasswordError.unknown(line: nil).what == "op failed without a message")
  }

  @Test func `an op that hangs is killed`() async throws {
    let standIn = try StandIn()
    try standIn.fail("item-get hang")
    let clock = ContinuousClock()
    let start = clock.now
    await #expect(throws: OnePasswordError.timedOut) {
      try await standIn.onePassword(timeout: .milliseconds(300)).item(Self.request)
    }
    #expect(clock.now - start < .seconds(300))
  }

  @Test func `a missing op is reported as that`() async {
    let none = OnePassword(runner: .system, environment: ["PATH": "/nonexistent"])
    await #expect(throws: OnePasswordError.notInstalled) { try await none.item(Self.request) }
  }

  @Test func `vault and account are passed to op`() async throws {
    let standIn = try StandIn()
    let request = ItemRequest(item: "thing", vault: "KTRDR Homelab Secrets", account: "my")
    let item = try await standIn.onePassword().item(request)
    #expect(item.id == "k7xq3" && item.version == 7)
    #expect(standIn.calls == ["item get thing --format json --vault KTRDR Homelab Secrets --account my"])
  }

  @Test(arguments: [["OP_SERVICE_ACCOUNT_TOKEN": "t"], ["OP_CONNECT_HOST": "h", "OP_CONNECT_TOKEN": "t"]])
  func `a service account or Connect without a vault is rejected before op runs`(
    environment: [String: String]
  ) async throws {
    let standIn = try StandIn(environment: environment)
    await #expect(throws: OnePasswordError.vaultRequired(item: "thing")) {
      try await standIn.onePassword().item(Self.request)
    }
    #expect(standIn.calls.isEmpty)
    let request = ItemRequest(item: "thing", vault: "KTRDR Homelab Secrets")
    #expect(try await standIn.onePassword().item(request).id == "k7xq3")
  }

  @Test func `the check for a usable op depends on how the operator signs in`() async throws {
    let ways: [([String: String], [String])] = [
      ([:], ["account list --format json", "account get"]), (["OP_SERVICE_ACCOUNT_TOKEN": "t"], ["whoami"]),
      (["OP_CONNECT_HOST": "h", "OP_CONNECT_TOKEN": "t"], ["--version"]),
      (["OP_CONNECT_HOST": "h", "OP_CONNECT_TOKEN": ""], ["account list --format json", "account get"]),
    ]
    for (environment, calls) in ways {
      let standIn = try StandIn(environment: environment)
      try await standIn.onePassword().checkUsable()
      #expect(standIn.calls == calls)
    }
  }

  @Test(arguments: [
    ("account-list empty", OnePasswordError.noAccounts), ("account-get not-signed-in", .notSignedIn),
    ("account-get hang", .timedOut), ("account-list no-accounts", .noAccounts),
  ])
  func `an op that is not usable is reported with the reason`(how: String, expected: OnePasswordError) async throws {
    let standIn = try StandIn()
    try standIn.fail(how)
    let timeout: Duration = expected == .timedOut ? .milliseconds(300) : .seconds(60)
    await #expect(throws: expected) { try await standIn.onePassword(timeout: timeout).checkUsable() }
  }

  @Test func `each child inherits only its part of the environment`() {
    let parent = [
      "PATH": "/bin", "OP_SESSION_my": "s", "OP_SERVICE_ACCOUNT_TOKEN": "t", "DB_PASSWORD": "old", "KTRDR_LEDGER": "/l",
      "SSH_AUTH_SOCK": "/a",
    ]
    let others = ChildEnvironment.forOthers(parent, withholding: ["DB_PASSWORD"])
    #expect(others == ["PATH": "/bin", "KTRDR_LEDGER": "/l", "SSH_AUTH_SOCK": "/a"])
    let op = ChildEnvironment.forOnePassword(parent, withholding: ["DB_PASSWORD"])
    #expect(Set(op.keys) == ["PATH", "OP_SESSION_my", "OP_SERVICE_ACCOUNT_TOKEN", "SSH_AUTH_SOCK"])
  }
}
