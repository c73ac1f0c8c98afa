import Deployer
import Testing

struct InventoryParseTests {
  private func parse(_ yaml: String) throws -> Inventory {
    try Inventory.parse(yaml, origin: .file(path: "ktrdr.yml"))
  }

  @Test func `every key of a target is read`() throws {
    let inventory = try parse(
      """
      registry: {server: 'ghcr.io:443', username: kpiteira, token: ghcr_token}
      secrets: {item: homelab, vault: Homelab Secrets, account: my.1password.com}
      targets:
        workers-b:
          group: workers
          node: 1
          host: op@workers-b.example.org
          directory: /opt/workers b
          compose_files: [a.yml, sub/b.yml]
          env_files: [.env, conf/b.env]
          services: [one, two]
          profiles: [scale-2]
          tag_variable: APP_TAG
          environment: {IMAGE_TAG: x, PORT: 5432, FLAG: true, EMPTY: "", NONE: "null"}
          secrets:
            USER: {field: user, sensitive: false}
            PASSWORD: 123
            OTHER: {field: f, item: other, vault: v, account: a}
          health_timeout: 1m30s
          stable_for: 0s
          rollback_on_failure: true
      """)
    let token = SecretReference(
      item: "homelab", vault: "Homelab Secrets", account: "my.1password.com", field: "ghcr_token")
    #expect(inventory.registries == [Registry(server: "ghcr.io:443", username: "kpiteira", token: token)])
    let target = try #require(inventory.target(named: "workers-b"))
    #expect(target.group?.value == "workers")
    #expect(target.node == "1")
    #expect(target.host.value == "op@workers-b.example.org")
    #expect(target.directory == "/opt/workers b")
    #expect(target.composeFiles == ["a.yml", "sub/b.yml"])
    #expect(target.envFiles == [".env", "conf/b.env"])
    #expect(target.services.map(\.value) == ["one", "two"])
    #expect(target.profiles.map(\.value) == ["scale-2"])
    #expect(target.tagVariable.value == "APP_TAG")
    #expect(target.environment.map(\.name.value) == ["IMAGE_TAG", "PORT", "FLAG", "EMPTY", "NONE"])
    #expect(target.environment.map(\.value) == ["x", "5432", "true", "", "null"])
    #expect(target.secrets.map(\.name.value) == ["USER", "PASSWORD", "OTHER"])
    #expect(target.secrets.map(\.reference.sensitive) == [false, true, true])
    #expect(target.secrets[1].reference.field == "123")
    #expect(target.secrets[1].reference.vault == "Homelab Secrets")
    #expect(target.secrets[2].reference == SecretReference(item: "other", vault: "v", account: "a", field: "f"))
    #expect(target.healthTimeout == .seconds(90))
    #expect(target.stableFor == .zero)
    #expect(target.rollbackOnFailure)
  }

  @Test func `several registries are read in their order`() throws {
    let inventory = try parse(
      """
      secrets: {item: homelab}
      registries:
        - {server: ghcr.io, username: kpiteira, token: ghcr_token}
        - server: registry.example.org:5000
          username: ada
          token: {field: token, item: other}
      targets: {core: {host: h, directory: /d}}
      """)
    #expect(inventory.registries.map(\.server) == ["ghcr.io", "registry.example.org:5000"])
    #expect(inventory.registries.map(\.username) == ["kpiteira", "ada"])
    #expect(inventory.registries.map(\.token.item) == ["homelab", "other"])
    #expect(try parse("registries: []\ntargets: {core: {host: h, directory: /d}}").registries.isEmpty)
  }

  @Test func `a registry without a login is no login`() throws {
    let text = "registry: {server: ghcr.io}\ntargets: {core: {host: h, directory: /d}}"
    #expect(try parse(text).registries.isEmpty)
    #expect(throws: InventoryErrors.self) { try parse(text.replacing("ghcr.io", with: "ghcr.io, username: ada")) }
    #expect(throws: InventoryErrors.self) { try parse(text.replacing("ghcr.io", with: "https://ghcr.io")) }
  }

  @Test func `the tag format at the top is that of each target without its own`() throws {
    let inventory = try parse(
      """
      tag: {from: git, format: "{tag}"}
      targets:
        core: {host: h, directory: /d}
        own: {host: h, directory: /d, tag: {format: "{branch}-{sha:12}"}}
      """)
    #expect(inventory.targets.map(\.tagFormat.text) == ["{tag}", "{branch}-{sha:12}"])
    #expect(try parse("targets: {core: {host: h, directory: /d}}").targets[0].tagFormat.text == "sha-{sha:7}")
  }

  @Test func `a target needs only a host and a directory`() throws {
    let target = try #require(parse("targets: {core: {host: h, directory: /d}}").targets.first)
    #expect(try target == Target(name: TargetName("core"), host: HostName("h"), directory: "/d"))
    #expect(target.healthTimeout == .seconds(120))
    #expect(target.stableFor == .seconds(10))
    #expect(target.tagVariable.value == "IMAGE_TAG")
    #expect(target.envFiles.isEmpty)
    #expect(!target.rollbackOnFailure)
  }

  @Test func `a variable in both environment and secrets is rejected, whichever comes first`() {
    let yaml = "secrets: {item: i}\ntargets: {core: {host: h, directory: /d, secrets: {A: f}, environment: {A: x}}}"
    #expect(problems(in: yaml).map(\.path) == ["targets.core.secrets.A"])
  }

  @Test func `all problems are reported at once, in file order`() {
    let found = problems(
      in: """
        registry: {server: a b, username: u, token: t, extra: x}
        targets:
          core:
            host: -x
            directory: opt
            environment: {1A: x}
            health_timeout: soon
          Workers: {}
        """)
    #expect(found.map(\.line) == [1, 1, 1, 4, 5, 6, 7, 8, 8, 8])
  }

  @Test func `the message has one line per problem, with file, line, path and next step`() {
    let error = #expect(throws: InventoryErrors.self) {
      try Inventory.parse(
        "targets:\n  core:\n    hots: h\n    directory: /d\n    host: a;b", origin: .file(path: "x/ktrdr.yml"))
    }
    #expect(
      error?.what == """
        x/ktrdr.yml:3: targets.core.hots: unknown key 'hots': did you mean 'host'?
        x/ktrdr.yml:5: targets.core.host: invalid host 'a;b': must not contain ';'; use a name like \
        'host.example.org' or 'user@host'; a port belongs in ~/.ssh/config
        """)
  }

  @Test func `an unknown key that resembles no other is answered with the list of keys`() {
    let found = problems(in: "targets: {core: {host: h, directory: /d}}\nzzzzzzzz: 1")
    #expect(found.map(\.nextStep) == ["expected one of registry, registries, secrets, tag, links, targets"])
  }
}
