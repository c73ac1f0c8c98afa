import TestSupport
import Testing

/// What somebody types first who knows other tools.
struct FirstWordsTests {
  private static let inventory = """
    targets:
      shop: {host: shop.invalid, directory: /srv/shop, services: [web, worker]}
      edge-1: {group: edge, node: 1, host: edge-1.invalid, directory: "/srv/it's"}
      edge-2: {group: edge, node: 2, host: edge-2.invalid, directory: /srv/edge}
    """

  private func run(_ words: [String]) async throws -> Programs.Result {
    let person = try Person()
    try person.home.write(Self.inventory, to: "ktrdr.yml")
    return try await person.ktrdr(words: words)
  }

  @Test(arguments: [(["validate"], ["doctor"]), (["ps", "shop"], ["status", "shop"]), (["releases"], ["history"])])
  func `an alias does what the command does`(alias: [String], command: [String]) async throws {
    let (one, other) = (try await run(alias), try await run(command))
    #expect(one.status == other.status)
    #expect(one.output == other.output)
    #expect(!one.error.contains("Unknown command"), "\(one.error)")
  }

  private static let web =
    "$(docker ps -aq -f label=com.docker.compose.service=web -f label=com.docker.compose.project.working_dir=/srv/shop)"

  @Test(arguments: [
    (["logs", "shop", "web"], "ssh shop.invalid 'docker logs \(web)'\n"),
    (["logs", "shop", "web", "-f", "--tail", "5"], "ssh shop.invalid 'docker logs \(web)'\n"),
    (["logs", "shop"], "ssh shop.invalid docker logs CONTAINER; for the names: ssh shop.invalid docker ps\n"),
    (["logs"], "ssh HOST docker logs CONTAINER; 'ktrdr config show' lists the hosts\n"),
    (
      ["logs", "edge", "1", "x"],
      "ssh edge-1.invalid 'docker logs $(docker ps -aq -f label=com.docker.compose.service=x)'\n"
    ),
    (
      ["exec", "shop", "web", "sh"],
      "ssh -t shop.invalid 'docker exec -it \(web.replacing("-aq", with: "-q")) COMMAND'\n"
    ),
  ])
  func `64: logs and exec say how, with the host filled in`(words: [String], next: String) async throws {
    let result = try await run(words)
    #expect(result.status == 64, "\(result.error)")
    #expect(result.error.hasSuffix("\n  next: \(next)"), "\(result.error)")
    #expect(result.output.isEmpty)
  }

  @Test(arguments: ["1", "sha-a1b2c3d", "v1.2.3", "2.0-rc.1"])
  func `64: a revision after the target, as helm takes it, is --to`(word: String) async throws {
    let result = try await run(["rollback", "shop", word])
    #expect(result.status == 64, "\(result.error)")
    let answer = "\(word) is not a service of shop\n  next: did you mean --to \(word)?"
    #expect(result.error.contains(answer), "\(result.error)")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completion prints the script of a shell`(shell: String) async throws {
    let (script, built) = (
      try await run(["completion", shell]), try await run(["--generate-completion-script", shell])
    )
    #expect(script.status == 0)
    #expect(script.output == built.output && script.output.contains("---complete \(shell)"))
    #expect(try await run(["completion", "csh"]).status == 64)
  }

  @Test func `64: an unknown command is answered with the nearest`() async throws {
    for words in [["depoly"], ["depoly", "shop", "web"], ["help", "depoly"]] {
      let result = try await run(words)
      #expect(result.status == 64)
      #expect(result.error.hasPrefix("Error: Unknown command 'depoly'. Did you mean 'deploy'?\n"), "\(result.error)")
    }
    #expect(try await run(["up", "-d"]).error.hasPrefix("Error: Unknown command 'up'. Did you mean 'deploy'?\n"))
    #expect(try await run(["ps", "--bogus"]).error.hasPrefix("Error: Unknown option '--bogus'"))
    #expect(try await run(["version"]).error.contains("Did you mean '--version'?"))
    #expect(try await run(["restart", "web"]).error.contains("ssh HOST docker restart CONTAINER"))
    #expect(try await run(["down"]).error.contains("ssh HOST docker stop CONTAINER"))
    let one = try Person()
    try one.home.write("targets: {shop: {host: h, directory: /opt/shop, services: [web]}}\n", to: "ktrdr.yml")
    for (words, command) in [
      (["down"], "ssh h 'docker stop $(docker ps -aq -f label=com.docker.compose.project.working_dir=/opt/shop)'"),
      (["rm"], "ssh h docker rm -f CONTAINER; for the names: ssh h docker ps"),
      (["restart", "web"], "'docker restart $(docker ps -aq -f label=com.docker.compose.service=web -f label=com."),
    ] {
      let result = try await one.ktrdr(words: words)
      #expect(
        result.error.contains("Docker does that on the host: ") && result.error.contains(command), "\(result.error)")
    }
    #expect(try await run(["rollout", "undo"]).error.contains("Did you mean 'rollback'?"))
    #expect(try await run(["unlock"]).error.contains("leaves no lock behind"))
    #expect(try await run(["xyzzy"]).error.hasPrefix("Error: Unknown command 'xyzzy'\n"))
  }

  @Test func `help is given for every command, and 64 for what is none`() async throws {
    for words in [
      ["help"], ["help", "ps"], ["help", "ledger"], ["help", "ledger", "verify"], ["help", "deploy", "shop"],
    ] {
      #expect(try await run(words).status == 0, "\(words)")
    }
    for words in [["help", "ledger", "xyzzy"], ["help", "secrets", "xyzzy"], ["help", "config", "xyzzy"]] {
      let result = try await run(words)
      #expect(result.status == 64, "\(words): \(result.output)")
      #expect(result.error == "ktrdr: 'ktrdr \(words[1])' has no command 'xyzzy'\n  next: ktrdr help \(words[1])\n")
    }
  }

  @Test func `64: a rollback of nothing is answered with what there is`() async throws {
    let result = try await run(["rollback"])
    #expect(result.status == 64)
    #expect(result.error.contains("no target given\n  next: expected"), "\(result.error)")
  }

  @Test func `64: a plan has no JSON, and does not pretend to`() async throws {
    let result = try await run(["deploy", "shop", "--dry-run", "--json"])
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.error.contains("cannot be combined with --json"), "\(result.error)")
  }

  @Test func `doctor in JSON is one document`() async throws {
    let result = try await run(["doctor", "shop", "--format", "json"])
    #expect(result.status == 69)
    for line in [
      #""verdict" : "not used""#, #""target" : "shop""#, #""verdict" : "not ready""#, #""docker" : null"#,
      #""what" : "could not resolve shop.invalid""#,
    ] { #expect(result.output.contains(line), "\(line) in \(result.output)") }
  }
}
