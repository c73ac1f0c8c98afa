import Testing

@testable import Deployer

struct StarterTests {
  private static let compose = """
    # image: old/one:${OLD_TAG}
    x-common: &common
      environment: {DB_PASSWORD: "${DB_PASSWORD:?deployed by ktrdr}", LEVEL: "${LEVEL:-info}", PRICE: "5$$x"}
    services:
      web:
        <<: *common
        image: "registry.example.org:5000/me/web:${SHOP_TAG:-latest}"
        ports: ["${PORT}:80"]
      worker:
        image: ${REGISTRY:-ghcr.io}/me/worker:${SHOP_TAG}
      'db': {image: "postgres:16", restart: always}
      cache: {restart: always, image: 'me/cache:${CACHE_TAG:-x}'}
    volumes:
      data:
    """

  @Test func `services, the tag's variable and what has no default are read from the text`() {
    let scan = ComposeScan(Self.compose)
    #expect(scan.services == ["web", "worker", "db", "cache"])
    #expect(scan.tagVariables == ["SHOP_TAG", "CACHE_TAG"])
    #expect(scan.image == "registry.example.org:5000/me/web:${SHOP_TAG:-latest}")
    #expect(scan.variables == ["DB_PASSWORD", "PORT"])
  }

  @Test(arguments: [
    """
    x-app: &app
      image: ghcr.io/me/app:${APP_VERSION:-latest}
      restart: unless-stopped
    services:
      web:
        <<: *app
    """,
    "x-app: &app {restart: always, image: 'ghcr.io/me/app:${APP_VERSION:-latest}'}\nservices: {web: {<<: *app}}",
    "x-app-image: &image ghcr.io/me/app:${APP_VERSION:-latest}\nservices:\n  web:\n    image: *image",
    "services:\n  web: &web\n    image: &image ghcr.io/me/app:${APP_VERSION:-latest}\n  worker:\n    image: *image",
  ])
  func `an image that services share is found where it stands`(text: String) {
    let scan = ComposeScan(text)
    #expect(scan.tagVariables == ["APP_VERSION"])
    #expect(scan.image == "ghcr.io/me/app:${APP_VERSION:-latest}")
  }

  @Test func `a repository with git tags is offered the format that takes them`() throws {
    var stack = LocalStack(name: "shop", file: "compose.yaml", others: [], scan: ComposeScan(Self.compose))
    #expect(StarterInventory.yaml(for: stack).contains("    # tag: {from: git, format: \"sha-{sha:7}\"}"))
    stack.gitTag = "v1.2.3"
    #expect(
      StarterInventory.yaml(for: stack).contains("format: \"{tag}\"}  # if CI names images by the git tag, v1.2.3"))
    stack.gitTag = "release/1"
    #expect(StarterInventory.yaml(for: stack).contains("format: \"sha-{sha:7}\"}"))
  }

  @Test func `overlays are offered, with their variables, and profiles are listed`() throws {
    let files = [
      "/r/shop/docker-compose.yml": """
      services:
        web: {image: "me/web:${TAG}", profiles: ["a", 'b']}
        worker:
          profiles:
            - jobs
            - b
          image: me/worker:${TAG}
        migrate:
          profiles: [${WHICH}]
      """,
      "/r/shop/docker-compose.prod.yml": "services: {web: {environment: {KEY: '${SESSION_KEY:?}'}}}\n",
      "/r/shop/docker-compose.override.yml": "services: {}\n",
    ]
    let stack = search(files).stack(from: "/r/shop")
    #expect(stack.scan.profiles.prefix(3) == ["a", "b", "jobs"])
    #expect(stack.summary.contains("not docker-compose.prod.yml, which 'compose_files' would name"))
    let text = StarterInventory.yaml(for: stack)
    #expect(text.contains("    # compose_files: [docker-compose.yml, docker-compose.prod.yml]"), "\(text)")
    #expect(text.contains("SESSION_KEY: session_key"), "\(text)")
    let target = try #require(try Inventory.parse(text, origin: .file(path: "ktrdr.yml")).targets.first)
    #expect(target.profiles.map(\.value) == ["a", "b", "jobs"])
    #expect(target.composeFiles.isEmpty)
  }

  private func search(_ files: [String: String]) -> StackSearch {
    StackSearch(
      names: { directory in
        Set(
          files.keys.filter { $0.hasPrefix("\(directory)/") }
            .compactMap { $0.dropFirst(directory.count + 1).split(separator: "/").first.map(String.init) }
        ).sorted()
      }, text: { files[$0] })
  }

  @Test(arguments: [
    (["/r/shop/compose.yaml"], "/r/shop", "compose.yaml", "shop"),
    (["/r/shop/.git/HEAD", "/r/shop/compose.yml"], "/r/shop/src/a", "/r/shop/compose.yml", "shop"),
    (["/r/shop/.git/HEAD", "/r/shop/deploy/docker-compose.yml"], "/r/shop", "deploy/docker-compose.yml", "shop"),
    (
      ["/r/.git/HEAD", "/r/shop/docker-compose.prod.yml", "/r/compose.yaml"], "/r/shop", "docker-compose.prod.yml", "r"
    ),
    (["/r/compose.yaml"], "/r/shop", nil, "shop"), (["/r/shop/compose.override.yaml"], "/r/shop", nil, "shop"),
  ])
  func `the nearest compose file counts, and nothing above the repository`(
    files: [String], directory: String, file: String?, name: String
  ) {
    let stack = search(Dictionary(uniqueKeysWithValues: files.map { ($0, Self.compose) })).stack(from: directory)
    #expect(stack.file == file)
    #expect(stack.name == name)
  }

  @Test(arguments: [
    ("/r/Shop 2/compose.yaml", "shop-2"), ("/r/all/compose.yaml", "all"), ("/r/ä/x/docker-compose.b.yml", "x"),
  ])
  func `what is written is a valid inventory of the stack that was found`(path: String, name: String) throws {
    let directory = path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    let text = StarterInventory.yaml(for: search([path: Self.compose]).stack(from: directory))
    let inventory = try Inventory.parse(text, origin: .file(path: "ktrdr.yml"))
    let target = try #require(inventory.targets.first)
    #expect(target.name.value == (name == "all" ? "stack" : name))
    #expect(target.services.map(\.value) == ["web", "worker", "db", "cache"])
    #expect(target.tagVariable.value == "SHOP_TAG")
    #expect(target.composeFiles == (path.hasSuffix("compose.yaml") ? [] : ["docker-compose.b.yml"]))
    #expect(text.split(separator: "\n").count <= 16, "\(text)")
  }

  @Test func `each commented line is valid once its mark is removed`() throws {
    let text = StarterInventory.yaml(for: search(["/r/shop/compose.yaml": Self.compose]).stack(from: "/r/shop"))
    var whole = text
    for key in ["tag", "environment", "secrets", "registry"] {
      #expect(whole.contains("# \(key): {"), "\(key) in \(whole)")
      whole.replace("# \(key): {", with: "\(key): {")
    }
    let inventory = try Inventory.parse(whole, origin: .file(path: "ktrdr.yml"))
    #expect(inventory.registries.map(\.server) == ["registry.example.org:5000"])
    #expect(inventory.targets[0].secrets.map(\.name.value) == ["DB_PASSWORD"])
    #expect(inventory.targets[0].environment.map(\.name.value) == ["PORT"])
  }

  @Test func `without a compose file the lines say what belongs there`() throws {
    let stack = search([:]).stack(from: "/")
    let text = StarterInventory.yaml(for: stack)
    #expect(stack.summary == "without a compose file: there is none here")
    #expect(try Inventory.parse(text, origin: .file(path: "x")).targets.map(\.name.value) == ["stack"])
    #expect(text.contains("# services: [web]") && text.contains("# tag_variable: IMAGE_TAG"))
  }
}
