import TestSupport
import Testing

struct ConfigTests {
  @Test func `without a file the built-in inventory is used, and show says so`() async throws {
    let result = try await Person().ktrdr("config", "show")
    #expect(result.status == 0)
    #expect(result.error.contains("built-in inventory"))
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

  @Test func `init creates a file that check accepts, and never overwrites one`() async throws {
    let person = try Person()
    let created = try await person.ktrdr("config", "init")
    #expect(created.status == 0)
    #expect(created.output.contains("created ktrdr.yml"))
    let checked = try await person.ktrdr("config", "check")
    #expect(checked.status == 0, "\(checked.error)")
    #expect(checked.output.contains("is valid: targets core"))
    try person.home.write("mine", to: "ktrdr.yml")
    let again = try await person.ktrdr("config", "init")
    #expect(again.status == 78)
    #expect(again.error.contains("already exists and was not changed"))
    #expect(try person.home.read("ktrdr.yml") == "mine")
    #expect(try await person.ktrdr("config", "init", "no/such/place.yml").status == 78)
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
