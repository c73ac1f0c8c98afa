@testable import Deployer
import Ledger
import Platform
import Testing

struct InventoryDocumentTests {
  @Test func `the built-in inventory describes the KTRDR homelab`() throws {
    let inventory = try Inventory.builtIn()
    #expect(inventory.origin == .builtIn)
    let token = SecretReference(item: "ktrdr-homelab-core", field: "ghcr_token")
    #expect(inventory.registries == [Registry(server: "ghcr.io", username: "kpiteira", token: token)])
    #expect(inventory.targets.map(\.name.value) == ["core", "workers-b", "workers-c", "gpu"])
    #expect(inventory.nodes(of: "workers") == ["B", "C", "GPU"])
    let core = try #require(inventory.target(named: "core"))
    #expect(core.host.value == "backend.ktrdr.home.mynerd.place")
    #expect(core.directory == "/opt/ktrdr-core")
    #expect(core.composeFiles == ["docker-compose.core.yml"])
    #expect(core.services.map(\.value) == ["backend", "db"])
  }

  /// Newer compose files of KTRDR read `KTRDR_DB_USER`, older ones `DB_USER`.
  @Test func `the built-in core gets each value under its new and its old name`() throws {
    let core = try #require(Inventory.builtIn().target(named: "core"))
    #expect(core.environment.map { "\($0.name)=\($0.value)" } == ["KTRDR_DB_NAME=ktrdr", "DB_NAME=ktrdr"])
    let fields = Dictionary(uniqueKeysWithValues: core.secrets.map { ($0.name.value, $0.reference) })
    #expect(
      fields.mapValues(\.field) == [
        "KTRDR_DB_USER": "db_username", "DB_USER": "db_username", "KTRDR_DB_PASSWORD": "db_password",
        "DB_PASSWORD": "db_password", "KTRDR_AUTH_JWT_SECRET": "jwt_secret", "JWT_SECRET": "jwt_secret",
        "GF_ADMIN_PASSWORD": "grafana_password",
      ])
    #expect(fields.filter { !$0.value.sensitive }.keys.sorted() == ["DB_USER", "KTRDR_DB_USER"])
  }

  @Test(arguments: [
    ("B", "workers-b", "/opt/ktrdr-workers-b", "docker-compose.workers.yml"),
    ("C", "workers-c", "/opt/ktrdr-workers-c", "docker-compose.workers.yml"),
    ("GPU", "ktrdr-gpuworker", "/opt/ktrdr-gpu-worker", "docker-compose.gpu-worker.yml"),
  ])
  func `each built-in worker has its own files, and no name but its own host's`(
    node: String, label: String, directory: String, file: String
  ) throws {
    let worker = try Inventory.builtIn().target(node: node, of: "workers")
    #expect(worker.host.value == "\(label).ktrdr.home.mynerd.place")
    #expect(worker.directory == directory)
    #expect(worker.composeFiles == [file])
    #expect(worker.profiles.map(\.value) == (node == "GPU" ? [] : ["scale-2", "scale-3"]))
    #expect(worker.secrets.map(\.name.value) == ["KTRDR_DB_USER", "KTRDR_DB_PASSWORD", "DB_USER", "DB_PASSWORD"])
    let names = worker.environment.filter { $0.name.value == "WORKER_HOSTNAME" }.map(\.value)
    #expect(names == (node == "GPU" ? [] : [worker.host.value]))
  }

  @Test func `the example file is identical to what config init --example ktrdr writes`() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../../ktrdr.example.yml").standardized
    #expect(try String(decoding: Data(contentsOf: path), as: UTF8.self) == InventoryDocument.example)
  }

  @Test func `every commented-out line of the example is valid`() throws {
    let keys = [
      "vault", "account", "env_files", "tag_variable", "tag", "health_timeout", "stable_for",
      "rollback_on_failure", "links",
    ]
    let text = keys.reduce(InventoryDocument.example) { $0.replacing("# \($1):", with: "\($1):") }
    let inventory = try Inventory.parse(text, origin: .builtIn)
    #expect(inventory.links.link(toCommit: "abc")?.address == "https://github.com/kpiteira/ktrdr/commit/abc")
    let image = ImageIdentity(reference: "ghcr.io/kpiteira/ktrdr-db:v1", id: "sha256:1")
    #expect(inventory.links.link(to: image)?.address.hasSuffix("/container/ktrdr-db") == true)
    let core = try #require(inventory.target(named: "core"))
    #expect(core.rollbackOnFailure)
    #expect(core.composeFiles == ["docker-compose.core.yml"])
    #expect(core.envFiles == [".env", "prod.env"])
    #expect(core.tagVariable.value == "TAG")
    #expect(core.secrets.first?.reference.vault == "KTRDR Homelab Secrets")
  }

  @Test func `config show's output parses to the same inventory`() throws {
    let inventory = try Inventory.builtIn()
    #expect(try Inventory.parse(InventoryDocument.yaml(of: inventory), origin: .builtIn) == inventory)
    let links = "links: {commit: 'http://git/c#{sha}', image: \"https://h/?i={image}\"}\n"
    let linked = try Inventory.parse(InventoryDocument.example + links, origin: .builtIn)
    #expect(try Inventory.parse(InventoryDocument.yaml(of: linked), origin: .builtIn) == linked)
  }

  static let difficult = [
    "", " ", "null", "~", "true", "Yes", "5432", "-", "- a", "a: b", "a #b", "#", "'", "\"", "\\", "a\nb\n", "\t", "%",
    "@a",
    "*a", "&a", "!a", "{", "[", ",", "é", "🚀", "\u{2028}", "\u{FEFF}x", "\u{7F}", "\u{85}", "\u{1b}[0m", "\u{10FFFF}",
    "=", "<<",
    "1e3", "0x1F", "2026-01-01", "${A}", "a\r\nb", String(repeating: "x ", count: 2000),
  ]

  @Test(arguments: difficult)
  func `every value survives being written and parsed again`(value: String) throws {
    let variable = try EnvironmentVariable(name: EnvironmentName("A"), value: value)
    let target = try Target(
      name: TargetName("core"), host: HostName("::1"), directory: "/opt/a b", composeFiles: ["a: b.yml", "c,d.yml"],
      envFiles: [".env", "a b.env"], tagVariable: EnvironmentName("Y"),
      tagFormat: TagFormat("{tag}-{sha}"), environment: [variable],
      healthTimeout: .seconds(61), stableFor: .zero, rollbackOnFailure: true)
    let inventory = Inventory(registries: [], targets: [target], origin: .builtIn)
    let read = try Inventory.parse(InventoryDocument.yaml(of: inventory), origin: .builtIn)
    #expect(read.targets.first.map { Array($0.environment[0].value.utf8) } == Array(value.utf8))
    #expect(read == inventory)
  }

  @Test func `references that differ from the defaults survive being written and parsed again`() throws {
    let own = SecretReference(item: "no", vault: "2", account: "a", field: "{f}", sensitive: false)
    let usual = SecretReference(item: "i", vault: "v w", field: "on")
    let target = try Target(
      name: TargetName("true"), group: TargetName("null"), node: "1", host: HostName("h"), directory: "/d",
      secrets: [
        SecretVariable(name: EnvironmentName("Y"), reference: own),
        SecretVariable(name: EnvironmentName("B"), reference: usual),
      ])
    let registries = [
      Registry(server: "localhost:5000", username: "u v", token: usual),
      Registry(
        server: "ghcr.io", username: "- a", token: SecretReference(item: "no", vault: "2", account: "a", field: "t")),
    ]
    for count in 0...2 {
      let inventory = Inventory(
        registries: Array(registries.prefix(count)),
        secretDefaults: SecretDefaults(item: "i", vault: "v w"), targets: [target], origin: .builtIn)
      #expect(try Inventory.parse(InventoryDocument.yaml(of: inventory), origin: .builtIn) == inventory)
    }
  }
}
