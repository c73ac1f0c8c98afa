import TestSupport
import Testing

struct InventoryInUseTests {
  private static let stack = "targets: {shop: {host: shop.invalid, directory: /srv/shop}}"

  @Test(arguments: [
    ["deploy", "shop", "--tag", "v1"], ["deploy", "shop", "--tag", "v1", "-n"], ["rollback", "shop"], ["status"],
    ["doctor"], ["doctor", "--format", "json"],
  ])
  func `a command that goes to a host says first which inventory it uses`(words: [String]) async throws {
    let person = try Person()
    try person.home.write(Self.stack, to: "ktrdr.yml")
    let line = "inventory: \(person.home.path)/ktrdr.yml\n"
    let result = try await person.ktrdr(words: words)
    #expect(result.error.hasPrefix(line), "\(result.error)")
    #expect(!result.output.contains("inventory:"))
    #expect(try await !person.ktrdr(words: words + ["--quiet"]).error.contains("inventory:"))
  }

  @Test func `without a file it is the built-in homelab`() async throws {
    let result = try await Person().ktrdr("deploy", "core", "backend", "--tag", "v1", "--profile", "x")
    #expect(result.error.hasPrefix("inventory: built-in KTRDR homelab\n"), "\(result.error)")
  }

  @Test func `1Password is not asked for a target without a secret`() async throws {
    let person = try Person(standIns: ["op"])
    try person.home.write(Self.stack, to: "ktrdr.yml")
    #expect(try await person.ktrdr("doctor").output.contains("\n1Password: not used\n"))
    let deployed = try await person.ktrdr("deploy", "shop", "--tag", "v1")
    #expect(deployed.status == 69)
    #expect(!deployed.error.contains("1Password"), "\(deployed.error)")
    #expect(person.asked.isEmpty, "\(person.asked)")
  }

  @Test func `77: what needs 1Password is named`() async throws {
    let person = try Person()
    let target = "{host: shop.invalid, directory: /srv, secrets: {DB: password}}"
    try person.home.write("secrets: {item: shop}\ntargets: {shop: \(target)}", to: "ktrdr.yml")
    for words in [["deploy", "shop", "--tag", "v1"], ["deploy", "shop", "--tag", "v1", "--skip-validation"]] {
      let error = try await person.ktrdr(words: words).error
      #expect(error.contains("op, the 1Password CLI, is not installed (needed for DB of shop)"), "\(error)")
    }
  }
}
