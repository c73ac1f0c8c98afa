import TestSupport
import Testing

struct OptionTests {
  private func run(_ words: [String]) async throws -> Programs.Result {
    let person = try Person()
    try person.home.write("targets: {shop: {host: shop.invalid, directory: /srv/shop}}", to: "ktrdr.yml")
    return try await person.ktrdr(words: words)
  }

  @Test func `--version alone prints the version`() async throws {
    let result = try await run(["--version"])
    #expect(result.status == 0)
    #expect(
      result.output.firstMatch(of: /^ktrdr \d+\.\d+\.\d+( \([0-9a-f]{7,}(-dirty)?, \d{4}-\d\d-\d\d\))?\n$/) != nil,
      "\(result.output)")
  }

  @Test(arguments: [
    ["deploy", "shop"], ["deploy", "target", "shop"], ["deploy", "core"], ["deploy", "workers"], ["rollback", "shop"],
    ["status"], ["history"], ["show", "1"], ["diff", "1", "2"], ["doctor"], ["secrets", "check"], ["config", "check"],
    ["config", "show"], ["config"], ["ledger", "path"], ["ledger", "verify"], ["ledger", "export"],
    ["completion", "bash"],
  ])
  func `64: no command has --version, so none succeeds without doing its work`(command: [String]) async throws {
    for words in [command + ["--version"], command + ["--version", "v1"], ["--version"] + command] {
      let result = try await run(words)
      #expect(result.status == 64, "\(words): \(result)")
      #expect(result.output.isEmpty, "\(words): \(result.output)")
      #expect(result.error.contains("Unknown option '--version'"), "\(words): \(result.error)")
    }
  }

  @Test(arguments: [
    (["deploy", "shop", "--version", "v1"], "--tag"), (["deploy", "shop", "--image", "v1"], "--tag"),
    (["rollback", "shop", "--version", "v1"], "--to"), (["rollback", "shop", "--tag", "v1"], "--to"),
    (["deploy", "shop", "--tga", "v1"], "--tag"), (["deploy", "shop", "-t", "v1"], "--tag"),
    (["history", "-o", "json"], "--format"),
    (["history", "-f", "x"], "--config"),
    (["deploy", "shop", "--timeout", "5m"], "--wait"), (["history", "-n", "5"], "--limit"),
    (["deploy", "shop", "--plan"], "--dry-run"),
  ])
  func `64: an option of another tool is answered with the one that is meant`(words: [String], meant: String)
    async throws
  {
    let result = try await run(words)
    #expect(result.status == 64, "\(result)")
    #expect(result.error.contains(". Did you mean '\(meant)'?\n"), "\(result.error)")
    #expect(result.error.contains("See 'ktrdr \(words[0])"), "\(result.error)")
  }

  @Test(arguments: [["deploy", "shop", "--force"], ["rollback", "shop", "-y"], ["deploy", "shop", "--yes"]])
  func `64: an answer to a question is not taken for another option`(words: [String]) async throws {
    let result = try await run(words)
    #expect(result.status == 64)
    #expect(result.error.contains("Unknown option '\(words[2])': ktrdr asks no questions\n"), "\(result.error)")
  }

  @Test func `64: an option that nothing resembles has no suggestion`() async throws {
    let result = try await run(["ledger", "path", "--version"])
    #expect(result.error.hasPrefix("Error: Unknown option '--version'\n"), "\(result.error)")
  }

  @Test(arguments: ["--generate-completion-script", "--experimental-dump-help"])
  func `64: the parser's own options deploy nothing and so do not succeed`(option: String) async throws {
    let result = try await run(["deploy", "shop", option, "bash"])
    #expect(result.status == 64, "\(result)")
    #expect(result.output.isEmpty)
    #expect(result.error.contains("\(option) cannot be combined with a command"), "\(result.error)")
    #expect(try await run([option, "bash"]).status != 64 || option == "--experimental-dump-help")
  }

  @Test func `--json is short for --format json wherever that is`() async throws {
    for words in [
      ["status"], ["history"], ["show", "1"], ["diff", "1", "2"], ["doctor"], ["secrets", "check"],
      ["ledger", "verify"],
      ["deploy", "shop"], ["deploy", "target", "shop"], ["rollback", "shop"],
    ] {
      let both = try await run(words + ["--json", "--format", "table"])
      #expect(both.status == 64, "\(words): \(both)")
      #expect(both.error.contains("--json and --format table cannot be combined"), "\(words): \(both.error)")
      let same = try await run(words + ["--json", "--format", "json", "--nothing"])
      #expect(same.error.contains("Unknown option '--nothing'"), "\(words): \(same.error)")
    }
    #expect(try await run(["history", "--json"]).output == "[]\n")
    #expect(try await run(["history", "--json", "--format", "csv"]).status == 64)
    #expect(try await run(["ledger", "export", "--json"]).status == 64)
  }

  @Test func `-n is --dry-run`() async throws {
    let result = try await run(["deploy", "shop", "--tag", "v1", "-n"])
    #expect(result.status == 69)
    #expect(result.error.contains("dry run: nothing was changed"), "\(result.error)")
  }
}
