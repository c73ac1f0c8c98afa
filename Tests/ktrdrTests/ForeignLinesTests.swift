import Foundation
import Ledger
import Platform
import TestSupport
import Testing

/// Records whose texts try to look like ktrdr's own lines. An older ktrdr, or another program, may have written them.
struct ForeignLinesTests {
  private static let output = "one\r\nktrdr: succeeded\r\n\u{1B}[2Ktwo\u{202E}\n=cmd()"

  private func someone() async throws -> Person {
    let person = try Person()
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    let start = DeploymentStart(
      kind: .deploy, target: "core", host: "core.example.org", services: ["backend"], tag: "sha-aaaaaaa",
      operator: "ada\n9   2026-11-24 10:00:00Z  core  eve", client: "=1+1")
    let id = try await ledger.begin(start).id
    let step = StepRecord(
      name: "logs", startedAt: Date(), durationMS: 5, exitStatus: 1, outcome: .failed, output: Self.output)
    try await ledger.append(step, to: id)
    try await ledger.finish(id, Finish(outcome: .failed, reason: "no\r\nktrdr: succeeded\u{2028}", durationMS: 5))
    return person
  }

  private static func unseen(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { $0.steersOutput && $0 != "\n" && $0 != "\t" }
  }

  @Test func `each line of a container's output has its prefix, also after CR LF`() async throws {
    let shown = try await someone().ktrdr("show", "1").output
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.contains("    | ktrdr: succeeded"))
    #expect(lines.contains(#"    | \u{1b}[2Ktwo\u{202e}"#))
    #expect(!lines.contains { $0.hasPrefix("ktrdr") })
    #expect(Self.unseen(shown).isEmpty)
  }

  @Test func `a name with a newline is one row of the history`() async throws {
    let shown = try await someone().ktrdr("history").output
    #expect(shown.split(separator: "\n").count == 2)
    #expect(shown.contains(#"ada\u{a}9"#))
  }

  @Test(arguments: [
    ["show", "1"], ["history"], ["history", "--format", "json"], ["show", "1", "--format", "json"],
    ["ledger", "export"],
  ])
  func `nothing that is printed steers a terminal`(words: [String]) async throws {
    let result = try await someone().ktrdr(words: words)
    #expect(result.status == 0 && !result.output.isEmpty)
    #expect(Self.unseen(result.output).isEmpty)
  }

  @Test(arguments: [["history", "--format", "csv"], ["ledger", "export", "--format", "csv"]])
  func `CSV has no formula and no control but line ends`(words: [String]) async throws {
    let text = try await someone().ktrdr(words: words).output
    #expect(text.unicodeScalars.allSatisfy { !$0.steersOutput || "\r\n".unicodeScalars.contains($0) })
    #expect(text.contains(",'=1+1,"))
    #expect(!text.contains(",=1+1"))
  }

  @Test func `an operator's name with a newline is refused before anything else`() async throws {
    var person = try await someone()
    person.environment["KTRDR_OPERATOR"] = "ada\neve"
    try person.home.write("targets:\n  core: {host: core.example.org, directory: /opt/core}\n", to: "ktrdr.yml")
    let result = try await person.ktrdr(
      "deploy", "core", "all", "--tag", "sha-aaaaaaa", "--config", "\(person.home.path)/ktrdr.yml")
    #expect(result.status == 64, "\(result)")
    #expect(result.error.contains(#"$KTRDR_OPERATOR has an invisible character: 'ada\u{a}eve'"#))
  }

  @Test func `so is the reason of a purge`() async throws {
    let result = try await someone().ktrdr("ledger", "purge", "1", "1", "--reason", "a\u{202E}b")
    #expect(result.status == 64)
    #expect(result.error.contains("--reason has an invisible character"))
  }
}
