import TestSupport
import Testing

struct HelpTests {
  private func help(_ words: String...) async throws -> String {
    let result = try await Person().ktrdr(words: words + ["--help"])
    #expect(result.status == 0)
    #expect(result.error.isEmpty)
    return result.output
  }

  @Test func `the main help lists every command and every exit status`() async throws {
    let text = try await help()
    for command in ["deploy", "history", "show", "init", "doctor", "config", "ledger"] {
      let listed = text.contains("\n  \(command) ") || text.contains("\n  \(command), ")
      #expect(listed, "\(command) in \(text)")
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for status in [
      "0 success", "1 a deployment did not succeed", "3 a check failed", "64 usage error", "65 damaged ledger",
      "69 validation failed", "75 target locked by another deployment", "77 secrets unavailable",
      "78 invalid inventory", "129, 130, 143 stopped by SIGHUP, SIGINT, SIGTERM",
    ] { #expect(words.contains(status), "\(status) in \(words)") }
  }

  @Test func `the five daily commands come first, then the others by group, on 80 columns`() async throws {
    let text = try await help()
    let shown = text.split(separator: "\n").map(String.init)
    let commands = shown.compactMap { $0.firstMatch(of: #/^  ([a-z]+)(, [a-z]+)?  /#).map { String($0.output.1) } }
    #expect(
      commands == [
        "deploy", "status", "history", "rollback", "show", "init", "doctor", "secrets", "config", "diff", "stats",
        "report",
        "ledger", "completion",
      ])
    let headings = shown.filter { $0.hasSuffix(":") && $0.uppercased() == $0 }
    #expect(headings == ["DAILY:", "BEFORE A DEPLOYMENT:", "THE RECORD:", "SHELL:", "OPTIONS:"])
    #expect(shown.allSatisfy { $0.count <= 80 }, "\(text)")
    for words in [[], ["help"], ["-h"]] {
      let result = try await Person().ktrdr(words: words)
      #expect(result.status == 0 && result.output == text && result.error.isEmpty)
    }
  }

  @Test func `the help of deploy has examples`() async throws {
    let text = try await help("deploy")
    for line in ["ktrdr deploy core backend", "ktrdr deploy shop --dry-run", "--tag sha-a1b2c3d"] {
      #expect(text.contains(line), "\(line) in \(text)")
    }
    for command in ["TARGET (default)", "core", "workers", "target", "group"] {
      #expect(text.contains("\n  \(command) "))
    }
  }

  @Test func `the help of deploy core lists its argument and every option`() async throws {
    let words = try await help("deploy", "core").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for word in [
      "<service>", "or 'all'", "--tag <tag>", "--dry-run", "--skip-validation", "--profile", "--format",
      "--config", "--ledger", "--color", "--quiet", "--verbose", "the database is not touched",
    ] { #expect(words.contains(word), "\(word) in \(words)") }
  }
}
