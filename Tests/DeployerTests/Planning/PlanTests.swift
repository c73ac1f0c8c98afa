import Ledger
import Platform
import Testing

@testable import Deployer
@testable import Fakes

struct PlanTests {
  @Test func `a plan is told in words, its fetched values masked`() throws {
    let text = try Plan.core().lines().joined(separator: "\n")
    for words in [
      "core on backend.example.org, /opt/core", "services   backend",
      "sha-a1b2c3d  (commit a1b2c3d4e5f60718293a4b5c6d7e8f9012345678)", "ghcr.io as ada, token ***",
      "IMAGE_TAG=sha-a1b2c3d", "DB_NAME=ktrdr", "DB_PASSWORD=***  (1Password item item, field db_password)",
      "--no-deps",
      "at most 1m30s",
    ] { #expect(text.contains(words), "\(words) is missing in \(text)") }
    #expect(!text.contains("profiles"))
  }

  @Test func `the tag is given in the variable that the target names`() async throws {
    var plan = try Plan.core()
    plan.target.tagVariable = try EnvironmentName("APP_TAG")
    #expect(plan.lines().contains("variables  APP_TAG=sha-a1b2c3d"))
    #expect(plan.target.variableNames == ["APP_TAG", "DB_NAME", "DB_PASSWORD"])
    let store = SecretStore(OnePassword(runner: FakeOperator.onePassword, environment: [:]))
    let fetched = try await FetchedSecrets.fetch(plan, from: store) { _ in }
    var preparation = Preparation(plan: plan, check: HostCheck(), observed: nil, secrets: fetched)
    #expect(preparation.values.environment.map(\.name) == plan.target.variableNames)
    for tag in [plan.tag, try ImageTag("earlier")] {
      preparation.plan.tag = tag
      #expect(preparation.values.environment.first.map { String(decoding: $0.value, as: UTF8.self) } == "\(tag)")
    }
  }

  @Test func `services are watched long enough to see that they stay up`() throws {
    var target = try Plan.core().target
    (target.healthTimeout, target.stableFor) = (.seconds(5), .seconds(5))
    #expect(target.watchLimit == .seconds(5))
    target.stableFor = .seconds(10)
    #expect(target.watchLimit == .seconds(12))
  }

  @Test func `all services are named where the host has listed them`() throws {
    var plan = try Plan.core(services: [], profiles: ["scale-2", "scale-3"], registry: false)
    plan.project = nil
    #expect(plan.lines().contains("services   all"))
    plan.project = ComposeProject(
      name: "core", services: [ComposeService(name: "backend"), ComposeService(name: "db")])
    let lines = plan.lines()
    #expect(lines.contains("services   all (backend, db)"))
    #expect(lines.contains("profiles   scale-2, scale-3"))
    #expect(!lines.contains { $0.contains("--no-deps") || $0.hasPrefix("registry") })
  }

  @Test func `the ledger's first event says what the plan says`() throws {
    let start = try Plan.core(profiles: ["scale-2"]).start(
      services: ["backend"], secrets: [SecretVersion(item: "id", version: 3)])
    #expect(start.target == "core")
    #expect(start.host == "backend.example.org")
    #expect(start.directory == "/opt/core")
    #expect(start.services == ["backend"])
    #expect(start.profiles == ["scale-2"])
    #expect(start.tag == "sha-a1b2c3d")
    #expect(start.gitSHA == "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678")
    #expect(start.gitDirty == false)
    #expect(start.operator == "ada@example.org")
    #expect(start.registry == "ghcr.io")
    var several = try Plan.core()
    several.registries.append(
      Registry(server: "r.example.org", username: "bob", token: SecretReference(item: "item", field: "other")))
    #expect(several.start(services: [], secrets: []).registry == "ghcr.io,r.example.org")
    #expect(several.lines().contains("registry   r.example.org as bob, token ***"))
    #expect(try Plan.core(registry: false).start(services: [], secrets: []).registry == nil)
    #expect(start.kind == .deploy)
  }
}

struct OperatorIdentityTests {
  private static let table: [([String: String], String?, String)] = [
    (["KTRDR_OPERATOR": "ada", "GITHUB_ACTOR": "bot", "USER": "root"], "git@example.org", "ada"),
    (["KTRDR_OPERATOR": "  ", "GITHUB_ACTOR": "bot"], "git@example.org", "bot"),
    (["GITLAB_USER_LOGIN": "gil"], nil, "gil"), (["BUILDKITE_BUILD_CREATOR": "kit"], nil, "kit"),
    (["CIRCLE_USERNAME": "cir"], nil, "cir"), (["BUILD_USER": "jen"], nil, "jen"),
    (["USER": "root"], "git@example.org", "git@example.org"), (["USER": "root"], nil, "root@desk"),
    (["USER": "", "LOGNAME": "log"], nil, "log@desk"), ([:], nil, "cron@desk"),
  ]

  @Test(arguments: table)
  func `the operator is named by the first that knows`(
    environment: [String: String], email: String?, name: String
  ) async throws {
    let found = try await OperatorIdentity.resolve(
      environment: environment, gitEmail: { email }, machine: "desk", account: "cron")
    #expect(found == name)
  }
}

struct RegistryLoginTests {
  private struct Configuration: Decodable {
    struct Login: Decodable { var auth: String }
    var auths: [String: Login]
  }

  @Test(arguments: [
    ("ghcr.io", "ghcr.io"), ("127.0.0.1:5000", "127.0.0.1:5000"), ("docker.io", "https://index.docker.io/v1/"),
    ("index.docker.io", "https://index.docker.io/v1/"),
  ])
  func `a login is stored as docker login stores it`(server: String, key: String) throws {
    let logins = [
      RegistryLogin(server: server, username: "ada", token: Secret("t\"0k:en")),
      RegistryLogin(server: "other.example.org", username: "bob", token: Secret("other")),
    ]
    let read = try JSONDecoder().decode(Configuration.self, from: Data(RegistryLogin.configuration(logins)))
    #expect(Set(read.auths.keys) == [key, "other.example.org"])
    let auth = try #require(Data(base64Encoded: read.auths[key]?.auth ?? ""))
    #expect(String(decoding: auth, as: UTF8.self) == "ada:t\"0k:en")
  }

  @Test func `without a registry Docker's configuration is empty`() {
    #expect(String(decoding: RegistryLogin.configuration([]), as: UTF8.self) == "{}")
  }
}
