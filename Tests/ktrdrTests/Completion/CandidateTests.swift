import ArgumentParser
import Deployer
import Ledger
import Testing

@testable import ktrdr

/// What is offered, as a pure function of inventory, ledger and words.
struct CandidateTests {
  static let inventory = """
    targets:
      shop: {host: shop.invalid, directory: /srv/shop, services: [web, worker], profiles: [blue]}
      edge-a: {group: edge, node: A, host: a.invalid, directory: /srv, services: [proxy], profiles: [green]}
      edge-b: {group: edge, node: B, host: b.invalid, directory: /srv, services: [proxy]}
    """
  private static let recent = [
    recorded(41, ["web"], "v2", by: "ci", on: "shop", nil), recorded(40, ["web"], "v1", on: "shop", .failed),
    recorded(39, ["web"], "v2", on: "shop", minutesAgo: 300), recorded(38, ["web"], "2024", on: "edge-a", undoes: 3),
  ]

  private func line(_ words: [String]) -> UnfinishedLine {
    let found = FoundCommand(in: KTRDR.self, words: words)
    return UnfinishedLine(
      command: found.names, grammar: CommandGrammar(of: found.taker), words: Array(found.rest))
  }

  private func candidates(_ words: [String]) throws -> [Candidate] {
    let inventory = try Inventory.parse(Self.inventory, origin: .builtIn)
    let line = line(words)
    let value = try #require(LiveValue(for: line), "\(words)")
    return LiveCandidates(
      inventory: inventory, chosen: line.chosen(in: inventory), recent: Self.recent, now: someTime
    ).all(of: value)
  }

  @Test(arguments: [
    (["deploy", ""], "shop edge-a edge-b edge"), (["deploy", "-n", ""], "shop edge-a edge-b edge"),
    (["deploy", "shop", ""], "web worker all"), (["deploy", "shop", "web", ""], "worker"),
    (["deploy", "shop", "all", ""], ""), (["deploy", "edge", ""], "A B all"), (["deploy", "edge", "A", ""], "B proxy"),
    (["deploy", "edge-a", ""], "proxy all"), (["deploy", "nobody", ""], ""),
    (["deploy", "target", ""], "shop edge-a edge-b"), (["deploy", "target", "shop", ""], "web worker all"),
    (["deploy", "group", ""], "edge"), (["deploy", "group", "edge", ""], "A B all"),
    (["rollback", "shop", ""], "web worker all"), (["status", ""], "shop edge-a edge-b edge"),
    (["status", "shop", ""], "edge-a edge-b edge"), (["stats", "shop", ""], "edge-a edge-b edge"),
    (["ps", "edge", "A", ""], "B shop edge-a edge-b"),
    (["secrets", "check", ""], "shop edge-a edge-b edge"),
    (["deploy", "shop", "--profile", ""], "blue"), (["deploy", "--profile", ""], "blue green"),
    (["deploy", "shop", "--tag", ""], "v2 v1 2024"), (["rollback", "shop", "--to", ""], "v2 v1 tag:2024 41 40 39 38"),
    (["rollback", "--batch", ""], "41 40 39 38"), (["history", "--service", ""], "web worker proxy"),
    (["history", "--operator", ""], "ci ana@example.org"), (["show", ""], "last 41 40 39 38"),
    (["diff", "41", ""], "last 41 40 39 38"), (["ledger", "purge", ""], "41 40 39 38"),
  ])
  func `what can come next`(words: [String], expected: String) throws {
    #expect(try candidates(words).map(\.word).joined(separator: " ") == expected)
  }

  @Test func `an inventory that lists no services offers those that were deployed`() throws {
    let bare = try Inventory.parse("targets: {shop: {host: shop.invalid, directory: /srv/shop}}", origin: .builtIn)
    let line = line(["deploy", "shop", ""])
    let value = try #require(LiveValue(for: line))
    #expect(value.needsLedger)
    let live = LiveCandidates(inventory: bare, chosen: line.chosen(in: bare), recent: Self.recent, now: someTime)
    #expect(live.all(of: value).map(\.word) == ["web", "all"])
  }

  @Test(arguments: [
    ["ledger", "purge", "41", ""], ["config", "show", ""], ["show", "41", ""], ["deploy", "--wait", ""],
  ])
  func `where nothing is known, nothing is offered`(words: [String]) {
    #expect(LiveValue(for: line(words)) == nil)
  }

  @Test func `a number says what it was, a tag where it went last, a group what it has`() throws {
    #expect(try candidates(["show", ""])[1].note == "deploy shop v2 running 2m ago")
    #expect(try candidates(["show", ""])[3].note == "deploy shop v2 succeeded 5h ago")
    #expect(try candidates(["deploy", "--tag", ""])[0].note == "shop running 2m ago")
    #expect(try candidates(["deploy", ""])[3].note == "group of A B")
  }

  @Test func `a choice fits on a screen`() {
    let many = (1...90).reversed().map { recorded($0, ["web"], "v\($0)", on: "shop") }
    let live = LiveCandidates(recent: many, now: someTime)
    #expect(live.all(of: .tags).count == LiveCandidates.most && live.all(of: .deployments).count == LiveCandidates.most)
  }

  @Test func `without an inventory nothing of it is offered`() {
    for value in [
      LiveValue.selection([]), .selection(["shop"]), .targets([]), .oneTarget, .group, .services, .profiles,
    ] {
      #expect(LiveCandidates().all(of: value).isEmpty)
    }
  }
}

struct UnfinishedLineTests {
  private func line(_ words: String...) -> UnfinishedLine {
    let found = FoundCommand(in: KTRDR.self, words: words)
    return UnfinishedLine(command: found.names, grammar: CommandGrammar(of: found.taker), words: Array(found.rest))
  }

  @Test func `an option takes the word after it, a flag does not`() {
    let found = line("deploy", "-n", "--tag", "v1", "shop", "--config=a.yml", "--profile", "x", "--profile", "y", "we")
    #expect(found.command == ["deploy"] && found.positionals == ["shop"] && found.current == "we")
    #expect(found.options == ["dry-run": [], "tag": ["v1"], "config": ["a.yml"], "profile": ["x", "y"]])
  }

  @Test func `a value is asked for after its option, and after a sign`() {
    for (found, lead) in [(line("deploy", "--tag", "v"), ""), (line("deploy", "--tag=v"), "--tag=")] {
      guard case .value("tag", _) = found.asked else { return #expect(Bool(false), "\(found)") }
      #expect(found.current == "v" && found.lead == lead)
    }
  }

  @Test func `after two dashes there are no options`() {
    #expect(line("deploy", "shop", "-").asked == .option)
    guard case .positional = line("deploy", "--", "-").asked else { return #expect(Bool(false)) }
  }

  @Test func `every option of every command is known`() {
    for command in KTRDR.configuration.subcommands where command.configuration.subcommands.isEmpty {
      #expect(CommandGrammar(of: command).option("--help") != nil, "\(command)")
    }
    #expect(CommandGrammar(of: DeployNamed.self).option("-n")?.offered?.spelled == "--dry-run")
  }
}

struct CompletionReplyTests {
  private let candidates = [Candidate("v1", "a\tb"), Candidate("tag:2024"), Candidate("$(reboot)"), Candidate("a b")]

  private func lines(_ shell: Completion.Shell, _ current: String, lead: String = "") -> [String] {
    CompletionReply(shell: shell, current: current, lead: lead).lines(candidates)
  }

  @Test func `each shell gets what it understands, and nothing that a shell would run`() {
    #expect(lines(.zsh, "") == ["v1\ta\\u{9}b", "tag:2024"])
    #expect(lines(.fish, "", lead: "--tag=") == ["--tag=v1\ta\\u{9}b", "--tag=tag:2024"])
    #expect(lines(.bash, "v", lead: "--tag=") == ["v1"])
    #expect(lines(.bash, "tag:2") == ["2024"])
  }

  @Test(arguments: [
    (["deploy", "--tag", "=", "v"], ["deploy", "--tag=v"]), (["--tag", "="], ["--tag="]),
    (["--to", "tag", ":", "2"], ["--to", "tag:2"]), (["--to", "tag", ":", ""], ["--to", "tag:", ""]),
    (["--config", "'a", "b'", ""], ["--config", "a", "b", ""]), ([""], [""]),
  ])
  func `what bash cuts is joined again`(words: [String], expected: [String]) {
    #expect(BashWords.joined(words) == expected)
  }
}
