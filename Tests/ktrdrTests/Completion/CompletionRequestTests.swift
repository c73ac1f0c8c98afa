import Ledger
import TestSupport
import Testing

@testable import ktrdr

/// The answers of the program itself.
struct CompletionRequestTests {
  private func someone(inventory: String = CandidateTests.inventory) async throws -> Person {
    let person = try Person(standIns: ["ssh", "op", "git"])
    try person.home.write(inventory, to: "ktrdr.yml")
    return person
  }

  private func answer(_ person: Person, _ words: String...) async throws -> String {
    let result = try await person.ktrdr(words: ["---complete", "bash"] + words)
    #expect(result.status == 0 && result.error.isEmpty, "\(result)")
    #expect(person.asked.isEmpty, "\(person.asked)")
    return result.output
  }

  private func record(_ tag: String, in path: String) async throws {
    let ledger = try await DeploymentLedger.open(path: path, access: .readWrite)
    let start = DeploymentStart(
      kind: .deploy, target: "shop", host: "shop.invalid", services: ["web"], tag: tag, operator: "ana", client: "test")
    let id = try await ledger.begin(start).id
    try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1))
  }

  @Test func `commands, options, choices, targets, tags and numbers, without a host or another program`() async throws {
    let person = try await someone()
    try await record("v1", in: person.ledger)
    #expect(try await answer(person, "de") == "deploy\n")
    #expect(try await answer(person, "help", "led") == "ledger\n")
    #expect(try await answer(person, "ledger", "pu") == "purge\n")
    #expect(try await answer(person, "in") == "init\n")
    #expect(try await answer(person, "init", "") == "/\n")
    #expect(try await answer(person, "--v") == "--version\n")
    #expect(try await answer(person, "deploy", "--dry-run", "--d") == "")
    #expect(try await answer(person, "history", "--outcome", "run") == "running\n")
    #expect(try await answer(person, "history", "--format", "=", "c") == "csv\n")
    #expect(try await answer(person, "deploy", "") == "shop\nedge-a\nedge-b\nedge\n")
    #expect(try await answer(person, "deploy", "shop", "--tag", "") == "v1\n")
    #expect(try await answer(person, "show", "") == "last\n1\n")
    #expect(try await answer(person, "status", "--wa") == "--watch\n")
    #expect(try await answer(person, "status", "--watch", "s") == "shop\n")
    #expect(try await answer(person, "status", "--watch", "10", "s") == "shop\n")
    #expect(try await answer(person, "status", "--watch", "shop", "edge-") == "edge-a\nedge-b\n")
  }

  @Test func `the inventory and the ledger that the line names`() async throws {
    let person = try await someone()
    try person.home.write("targets: {other: {host: o.invalid, directory: /srv}}", to: "other.yml")
    try await record("v9", in: "\(person.home.path)/other.db")
    #expect(try await answer(person, "deploy", "--config", "other.yml", "") == "other\n")
    #expect(try await answer(person, "deploy", "--config=~/other.yml", "") == "other\n")
    #expect(try await answer(person, "deploy", "--ledger", "other.db", "--tag", "") == "v9\n")
  }

  @Test(arguments: ["targets: [", "", "targets: {shop: {}}", "\u{0}"])
  func `a broken inventory gives no candidates and no message`(text: String) async throws {
    let person = try await someone(inventory: text)
    #expect(try await answer(person, "deploy", "") == "")
    #expect(try await answer(person, "deploy", "--config", "nowhere.yml", "") == "")
  }

  @Test func `a broken or missing ledger gives no candidates and no message`() async throws {
    let person = try await someone()
    #expect(try await answer(person, "show", "") == "")
    #expect(try !person.home.names().contains("state"))
    try person.home.makeDirectory("state")
    try person.home.write("this is no ledger", to: "state/ledger.db")
    #expect(try await answer(person, "show", "") == "")
  }

  @Test func `an inventory that others may change is not believed`() async throws {
    let person = try await someone()
    try person.home.setMode(0o666, of: "ktrdr.yml")
    #expect(try await answer(person, "deploy", "") == "")
    #expect(try await answer(person, "deploy", "--config", "ktrdr.yml", "s") == "shop\n")
  }

  @Test(arguments: [["---complete"], ["---complete", "csh", ""], ["---complete", "bash"]])
  func `a question that no script asks is answered with nothing`(words: [String]) async throws {
    let result = try await Person().ktrdr(words: words)
    #expect(result.status == 0 && result.output.isEmpty && result.error.isEmpty)
  }

  @Test func `the version has the commit and its date, where the build was told`() {
    #expect(BuildVersion.text(commit: "abc1234, 2026-11-28") == "ktrdr 0.1.0 (abc1234, 2026-11-28)")
    #expect(BuildVersion.text(commit: "") == "ktrdr 0.1.0")
  }
}
