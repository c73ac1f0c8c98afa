import Ledger
import Platform
import TestSupport
import Testing

@testable import ktrdr

/// The real program on a real terminal.
struct PseudoTerminalTests {
  private func someone(_ locale: String = "C.UTF-8") async throws -> Person {
    var person = try Person()
    person.environment["LANG"] = locale
    person.environment["TERM"] = "xterm-256color"
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    for (number, outcome) in [(1, Outcome.succeeded), (2, .failed), (3, .succeeded)] {
      let start = DeploymentStart(
        kind: number == 3 ? .rollback : .deploy, target: "core", host: "core.example.org",
        services: ["バックエンド", "db"], tag: number == 2 ? "sha-0bad0ba" : "sha-0992ae0", operator: "ana@example.org",
        client: "ktrdr/1", undoes: number == 3 ? 2 : nil)
      let id = try await ledger.begin(start).id
      let after = ImageIdentity(reference: "r/b:\(number)", id: "sha256:\(number % 2)")
      try await ledger.append(ImageRecord(service: "db", before: nil, after: after), to: id)
      let reason = outcome == .failed ? "バックエンド is unhealthy: no answer in 5 s" : nil
      try await ledger.finish(id, Finish(outcome: outcome, reason: reason, durationMS: 1400))
    }
    return person
  }

  private func onTerminal(_ person: Person, _ words: [String], columns: Int) async throws -> Programs.Result {
    try await PseudoTerminal.run(
      KtrdrBinary.path, words, environment: person.environment, in: person.home.path, columns: columns)
  }

  @Test(arguments: [60, 120])
  func `history fits the terminal that it is on`(columns: Int) async throws {
    let result = try await onTerminal(try await someone(), ["history"], columns: columns)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("\u{1B}[32m✓\u{1B}[0m"))
    let lines = result.output.unpainted.split(separator: "\n").map(String.init)
    #expect(lines.count == 4 && lines.allSatisfy { $0.displayWidth <= columns }, "\(result.output)")
    #expect(lines[0].hasPrefix("    #  WHEN"))
    #expect(lines[1].hasPrefix("● ✓ 3  ") && lines[1].contains("db ↩ sha-0992ae0") && lines[1].contains("⟲2"))
    #expect(lines[2].hasPrefix("  ✗ 2  ") && lines[2].contains("sha-0bad0ba"))
    #expect(lines[2].contains("no answer in 5 s") == (columns == 120))
    #expect(lines[1].contains("ana") == (columns == 120) && lines[1].contains("1.4s") == (columns == 120))
  }

  @Test func `the options decide: no colours, times in UTC, ASCII where the locale is`() async throws {
    let person = try await someone("C")
    let result = try await onTerminal(person, ["history", "--color", "never", "--time", "utc"], columns: 120)
    let lines = result.output.split(separator: "\n")
    #expect(!result.output.contains("\u{1B}"))
    #expect(lines[1].firstMatch(of: /^\* \+ 3  \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  .* <- sha-0992ae0 .*undoes 2/) != nil)
  }

  @Test func `JSON is the same on a terminal and in a pipe`() async throws {
    let person = try await someone()
    let result = try await onTerminal(person, ["history", "--json"], columns: 60)
    #expect(try await person.ktrdr("history", "--format", "json").output == result.output)
  }

  @Test(arguments: [60, 120])
  func `status names the target that does not answer in one line`(columns: Int) async throws {
    let person = try await someone()
    try person.home.write("targets: {core: {host: core.invalid, directory: /srv/core}}\n", to: "ktrdr.yml")
    let result = try await onTerminal(person, ["status"], columns: columns)
    #expect(result.status == 3)
    let lines = result.output.unpainted.split(separator: "\n")
    #expect(lines.count == 1 && String(lines[0]).displayWidth <= columns, "\(result.output)")
    #expect(lines.first?.hasPrefix("core  unreachable: ") == true)
    let wide = try await onTerminal(person, ["status", "--wide"], columns: columns)
    #expect(wide.output.contains("COMMITS BEHIND HEAD") && wide.output.contains("unreachable"))
    let piped = try await person.ktrdr("status")
    #expect(piped.output.hasPrefix("TARGET\tSERVICE\tVERDICT\t") && piped.output.contains("\ncore\tdb\tunreachable\t"))
  }
}
