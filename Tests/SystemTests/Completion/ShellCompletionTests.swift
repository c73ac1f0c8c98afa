import Ledger
import Platform
import TestSupport
import Testing

/// The real shells, with keys typed on a terminal.
struct ShellCompletionTests {
  private static let inventory = """
    targets:
      shop: {host: shop.invalid, directory: /srv/shop, services: [web, worker], profiles: [blue]}
      edge-a: {group: edge, node: A, host: a.invalid, directory: /srv}
      edge-b: {group: edge, node: B, host: b.invalid, directory: /srv}
    """

  /// How each shell starts without anybody's settings, and reads the script.
  private static let shells: [(name: String, start: [String], script: String)] = [
    ("bash", ["--norc", "--noprofile", "-i"], "PS1='> '; . ./script"),
    ("zsh", ["-f", "-i"], "PS1='> '; autoload -U compinit; compinit -u -D; . ./script"),
    ("fish", ["--no-config", "-i"], "function fish_prompt; echo '> '; end; source script"),
  ]

  private func place() async throws -> TestDirectory {
    let place = try TestDirectory()
    try place.write(Self.inventory, to: "ktrdr.yml")
    try place.write(Self.inventory.replacing("shop", with: "other"), to: "other.yml")
    // Where a file's name is not asked for, it does not matter.
    try place.makeDirectory("shop")
    try place.makeDirectory("web")
    let ledger = try await DeploymentLedger.open(path: "\(place.path)/ledger.db", access: .readWrite)
    for tag in ["sha-0992ae0", "2024"] {
      let start = DeploymentStart(
        kind: .deploy, target: "shop", host: "shop.invalid", services: ["web"], tag: tag, operator: "ana",
        client: "test")
      try await ledger.finish(try await ledger.begin(start).id, Finish(outcome: .succeeded, durationMS: 1))
    }
    return place
  }

  /// Types the steps in `shell` once it has read its script.
  private func type(_ steps: [[String?]], in shell: String, at place: TestDirectory) async throws -> Programs.Result {
    let chosen = try #require(Self.shells.first { $0.name == shell })
    let directory = URL(filePath: KtrdrBinary.path).deletingLastPathComponent().path
    var environment = plainEnvironment.merging(KtrdrBinary.coverageEnvironment) { $1 }
    environment["PATH"] = "\(directory):\(environment["PATH"] ?? "")"
    environment["HOME"] = place.path
    environment["TERM"] = "xterm"
    environment["LANG"] = "C.UTF-8"
    environment["KTRDR_LEDGER"] = "\(place.path)/ledger.db"
    let script = try await Programs.run(KtrdrBinary.path, ["completion", shell], environment: environment)
    try place.write(script.output, to: "script")
    let all: [[String?]] = [["", "[>#%$] ?$"], [chosen.script + "; echo re''ady\r", "\nready"]] + steps
    let json = try JSONEncoder().encode(all)
    let driver = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "type.py").path
    return try await Programs.run(
      "python3", [driver, String(decoding: json, as: UTF8.self), shell] + chosen.start, environment: environment,
      in: place.path)
  }

  private static let lines: [(typed: String, completed: String)] = [
    ("ktrdr dep", "ktrdr deploy"), ("ktrdr deploy sh", "ktrdr deploy shop"),
    ("ktrdr deploy shop we", "ktrdr deploy shop web"), ("ktrdr deploy edge A", "ktrdr deploy edge A"),
    ("ktrdr deploy shop --tag sha-0", "ktrdr deploy shop --tag sha-0992ae0"),
    ("ktrdr deploy shop --tag=sha-0", "ktrdr deploy shop --tag=sha-0992ae0"),
    ("ktrdr rollback shop --to tag:2", "ktrdr rollback shop --to tag:2024"),
    ("ktrdr deploy shop --prof", "ktrdr deploy shop --profile"),
    ("ktrdr deploy shop --profile b", "ktrdr deploy shop --profile blue"),
    ("ktrdr deploy --config oth", "ktrdr deploy --config other.yml"),
    ("ktrdr deploy --config=oth", "ktrdr deploy --config=other.yml"),
    ("ktrdr deploy --config other.yml oth", "ktrdr deploy --config other.yml other"),
    ("ktrdr show la", "ktrdr show last"), ("ktrdr deploy nobody x", "ktrdr deploy nobody x"),
  ]

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a key completes the word`(shell: String) async throws {
    // The line becomes an argument of echo, so the shell itself says what is in it.
    let steps: [[String?]] = Self.lines.map { ["\($0.typed)\t\u{1}echo @@ \u{5}\r", "\n@@ [^\n]*\n"] }
    let result = try await type(steps, in: shell, at: try await place())
    #expect(result.status == 0, "\(result.error)")
    let shown = result.output.matches(of: /\n@@ ([^\n]*)/).map {
      String($0.output.1).split(separator: " ").joined(separator: " ")
    }
    #expect(shown == Self.lines.map(\.completed), "\(result.output)")
  }

  @Test(arguments: [
    ("bash", "web +worker +all|all +web +worker"), ("zsh", "every service"), ("fish", "every service"),
  ])
  func `two keys list the choice, where the shell can with what each is`(shell: String, shown: String) async throws {
    let result = try await type([["ktrdr deploy shop \t\t", shown]], in: shell, at: try await place())
    #expect(result.status == 0, "\(result.error)")
  }

  @Test(arguments: ["zsh", "fish"])
  func `a number is listed with what it was`(shell: String) async throws {
    let result = try await type(
      [["ktrdr show \t\t", "deploy shop 2024 succeeded"]], in: shell, at: try await place())
    #expect(result.status == 0, "\(result.error)")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `nothing is said where the inventory and the ledger are broken, or the program is missing`(
    shell: String
  ) async throws {
    let place = try await place()
    try place.write("targets: [", to: "ktrdr.yml")
    try place.write("no ledger", to: "ledger.db")
    let typed = ["ktrdr deploy x", "ktrdr show 1", "~/nowhere/ktrdr deploy x", "./nowhere/ktrdr deploy x"]
    let result = try await type(
      typed.map { ["\($0)\t\u{1}echo @@ \u{5}\r", "\n@@ [^\n]*\n"] }, in: shell, at: place)
    #expect(result.status == 0, "\(result.error)")
    for word in ["No such file", "not found", "rror", "nvalid"] { #expect(!result.output.contains(word)) }
  }
}
