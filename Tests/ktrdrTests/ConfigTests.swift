import TestSupport
import Testing

struct ConfigTests {
  @Test func `without a file the built-in inventory is used, and show says so`() async throws {
    let result = try await Person().ktrdr("config", "show")
    #expect(result.status == 0)
    #expect(result.error == "from built-in KTRDR homelab\n")
    for words in ["backend.ktrdr.home.mynerd.place", "workers-c:", "ktrdr-homelab-core", "ghcr_token"] {
      #expect(result.output.contains(words), "\(words)")
    }
  }

  @Test func `show's output is an inventory with the same meaning`() async throws {
    let person = try Person()
    let shown = try await person.ktrdr("config", "show").output
    try person.home.write(shown, to: "ktrdr.yml")
    let again = try await person.ktrdr("config", "show")
    #expect(again.output == shown)
    #expect(again.error.contains("from \(person.home.path)/ktrdr.yml"), "\(again.error)")
  }

  @Test func `check without a file says that there is none, and how to get one`() async throws {
    let result = try await Person().ktrdr("config", "check")
    #expect(result.status == 78)
    #expect(result.error.contains("there is no ktrdr.yml here"), "\(result.error)")
    #expect(result.error.contains("next: write one for your stack with 'ktrdr config init'"), "\(result.error)")
  }

  @Test(arguments: [["config", "init"], ["init"]])
  func `init writes what it found, check accepts it, and a file is never overwritten`(words: [String]) async throws {
    let person = try Person()
    try person.home.makeDirectory("shop")
    let stack = "services:\n  web:\n    image: ghcr.io/me/web:${TAG}\n  db:\n    image: postgres:16\n"
    try person.home.write(stack, to: "shop/compose.yaml")
    func ktrdr(_ words: [String]) async throws -> Programs.Result {
      try await Programs.run(
        KtrdrBinary.path, words, environment: person.environment, in: "\(person.home.path)/shop")
    }
    let created = try await ktrdr(words)
    #expect(created.status == 0, "\(created.error)")
    #expect(
      created.output == """
        created ktrdr.yml from compose.yaml: services web, db; image tag in TAG
        next: set 'host' and 'directory' in it, then run 'ktrdr doctor'

        """)
    let text = try person.home.read("shop/ktrdr.yml")
    #expect(text.contains("  shop:  # ktrdr deploy shop\n") && text.contains("    tag_variable: TAG  #"), "\(text)")
    #expect(try await ktrdr(["config", "check"]).output.hasSuffix("/shop/ktrdr.yml is valid: targets shop\n"))
    try person.home.write("mine", to: "shop/ktrdr.yml")
    let again = try await ktrdr(words)
    #expect(again.status == 78)
    #expect(again.error.contains("already exists and was not changed"))
    #expect(try person.home.read("shop/ktrdr.yml") == "mine")
  }

  @Test func `init writes where --config says, and the homelab with --example`() async throws {
    let person = try Person()
    let created = try await person.ktrdr("config", "init", "--config", "other.yml", "--example", "ktrdr")
    #expect(created.output.hasPrefix("created other.yml"), "\(created)")
    #expect(!person.home.exists("ktrdr.yml"))
    let checked = try await person.ktrdr("config", "check", "--config", "other.yml")
    #expect(checked.output.contains("is valid: targets core, workers-b"), "\(checked)")
    #expect(try await person.ktrdr("config", "init", "no/such/place.yml").status == 78)
    #expect(try await person.ktrdr("config", "init", "a.yml", "--config", "b.yml").status == 64)
    #expect(try await person.ktrdr("config", "init", "--example", "helm").status == 64)
    var other = person
    other.environment["KTRDR_CONFIG"] = "elsewhere.yml"
    #expect(try await other.ktrdr("init").error.contains("$KTRDR_CONFIG names elsewhere.yml"))
  }

  @Test func `the inventory is found in the documented order`() async throws {
    var person = try Person()
    func inventory(_ host: String) -> String { "targets: {core: {host: \(host), directory: /opt/core}}\n" }
    func host(_ words: String...) async throws -> String {
      let shown = try await person.ktrdr(words: ["config", "show"] + words).output
      return ["flag", "variable", "nearest", "user"].first { shown.contains("host: \($0).example") } ?? shown
    }
    try person.home.makeDirectory(".config/ktrdr")
    try person.home.write(inventory("user.example"), to: ".config/ktrdr/ktrdr.yml")
    #expect(try await host() == "user")
    try person.home.write(inventory("nearest.example"), to: "ktrdr.yml")
    #expect(try await host() == "nearest")
    try person.home.write(inventory("variable.example"), to: "variable.yml")
    person.environment["KTRDR_CONFIG"] = "\(person.home.path)/variable.yml"
    #expect(try await host() == "variable")
    try person.home.write(inventory("flag.example"), to: "flag.yml")
    #expect(try await host("--config", "\(person.home.path)/flag.yml") == "flag")
  }

  @Test func `the ledger is found in the documented order`() async throws {
    var person = try Person()
    #expect(try await person.ktrdr("ledger", "path", "--ledger", "/x/y.db").output == "/x/y.db\n")
    #expect(try await person.ktrdr("ledger", "path").output == "\(person.ledger)\n")
    person.environment["KTRDR_LEDGER"] = nil
    #expect(try await person.ktrdr("ledger", "path").output == "\(person.home.path)/.local/state/ktrdr/ledger.db\n")
    person.environment["XDG_STATE_HOME"] = "/var/state"
    #expect(try await person.ktrdr("ledger", "path").output == "/var/state/ktrdr/ledger.db\n")
  }
}
