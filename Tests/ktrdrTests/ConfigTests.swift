import Foundation
import Testing

struct ConfigTests {
  @Test func `without a file the built-in inventory is used, and show says so`() throws {
    let result = try Binary()("config", "show")
    #expect(result.status == 0)
    #expect(result.error.contains("built-in inventory"))
    for words in ["backend.ktrdr.home.mynerd.place", "workers-c:", "ktrdr-homelab-core", "ghcr_token"] {
      #expect(result.output.contains(words), "\(words)")
    }
  }

  @Test func `show's output is an inventory with the same meaning`() throws {
    let ktrdr = try Binary()
    let shown = try ktrdr("config", "show").output
    try ktrdr.write(shown, to: "ktrdr.yml")
    let again = try ktrdr("config", "show")
    #expect(again.output == shown)
    #expect(again.error.contains("from \(ktrdr.home.path)/ktrdr.yml"), "\(again.error)")
  }

  @Test func `init creates a file that check accepts, and never overwrites one`() throws {
    let ktrdr = try Binary()
    let created = try ktrdr("config", "init")
    #expect(created.status == 0)
    #expect(created.output.contains("created ktrdr.yml"))
    let checked = try ktrdr("config", "check")
    #expect(checked.status == 0, "\(checked.error)")
    #expect(checked.output.contains("is valid: targets core"))
    try ktrdr.write("mine", to: "ktrdr.yml")
    let again = try ktrdr("config", "init")
    #expect(again.status == 78)
    #expect(again.error.contains("already exists and was not changed"))
    #expect(try String(contentsOfFile: "\(ktrdr.home.path)/ktrdr.yml", encoding: .utf8) == "mine")
    #expect(try ktrdr("config", "init", "no/such/place.yml").status == 78)
  }

  @Test func `the inventory is found in the documented order`() throws {
    var ktrdr = try Binary()
    func inventory(_ host: String) -> String { "targets: {core: {host: \(host), directory: /opt/core}}\n" }
    func host(_ words: String...) throws -> String {
      let shown = try ktrdr.run(["config", "show"] + words).output
      return ["flag", "variable", "nearest", "user"].first { shown.contains("host: \($0).example") } ?? shown
    }
    try FileManager.default.createDirectory(
      atPath: "\(ktrdr.home.path)/.config/ktrdr", withIntermediateDirectories: true)
    try ktrdr.write(inventory("user.example"), to: ".config/ktrdr/ktrdr.yml")
    #expect(try host() == "user")
    try ktrdr.write(inventory("nearest.example"), to: "ktrdr.yml")
    #expect(try host() == "nearest")
    try ktrdr.write(inventory("variable.example"), to: "variable.yml")
    ktrdr.environment["KTRDR_CONFIG"] = "\(ktrdr.home.path)/variable.yml"
    #expect(try host() == "variable")
    try ktrdr.write(inventory("flag.example"), to: "flag.yml")
    #expect(try host("--config", "\(ktrdr.home.path)/flag.yml") == "flag")
  }

  @Test func `the ledger is found in the documented order`() throws {
    var ktrdr = try Binary()
    #expect(try ktrdr("ledger", "path", "--ledger", "/x/y.db").output == "/x/y.db\n")
    #expect(try ktrdr("ledger", "path").output == "\(ktrdr.ledger)\n")
    ktrdr.environment["KTRDR_LEDGER"] = nil
    #expect(try ktrdr("ledger", "path").output == "\(ktrdr.home.path)/.local/state/ktrdr/ledger.db\n")
    ktrdr.environment["XDG_STATE_HOME"] = "/var/state"
    #expect(try ktrdr("ledger", "path").output == "/var/state/ktrdr/ledger.db\n")
  }
}
