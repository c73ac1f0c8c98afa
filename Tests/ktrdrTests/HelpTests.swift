import Testing

struct HelpTests {
  private func help(_ words: String...) throws -> String {
    let result = try Binary().run(words + ["--help"])
    #expect(result.status == 0)
    #expect(result.error.isEmpty)
    return result.output
  }

  @Test func `ktrdr's own help names every command and every exit status`() throws {
    let text = try help()
    for command in ["deploy", "history", "show", "doctor", "config", "ledger"] {
      #expect(text.contains("\n  \(command) "), "\(command) in \(text)")
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for status in [
      "0 done", "1 a deployment did not succeed", "64 wrong usage", "65 the ledger is damaged", "69 validation failed",
      "75 another deployment holds the target", "77 secrets are not to be had", "78 the inventory is wrong", "130, 143",
    ] { #expect(words.contains(status), "\(status) in \(words)") }
  }

  @Test func `the help of deploy shows by example what is typed`() throws {
    let text = try help("deploy")
    for line in ["ktrdr deploy core backend", "ktrdr deploy core all --dry-run", "--tag sha-a1b2c3d"] {
      #expect(text.contains(line), "\(line) in \(text)")
    }
    for command in ["core", "target"] { #expect(text.contains("\n  \(command) ")) }
  }

  @Test func `the help of deploy core names its argument and every option`() throws {
    let words = try help("deploy", "core").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for word in [
      "<service>", "'all' for every one", "--tag <tag>", "--dry-run", "--skip-validation", "--profile", "--format",
      "--config", "--ledger", "--color", "--quiet", "--verbose", "the database stays as it is",
    ] { #expect(words.contains(word), "\(word) in \(words)") }
  }
}
