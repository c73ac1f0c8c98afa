import TestSupport
import Testing

/// `deploy NAME …` as far as it goes without a host: the host's name cannot be resolved.
struct DeployGrammarTests {
  private static let inventory = """
    targets:
      shop: {host: shop.invalid, directory: /srv/shop, services: [web, worker]}
      core: {host: core.invalid, directory: /srv/core}
      target: {host: odd.invalid, directory: /srv/odd}
      edge-1: {group: edge, node: 1, host: edge-1.invalid, directory: /srv/edge}
      edge-2: {group: edge, node: 2, host: edge-2.invalid, directory: /srv/edge}
    """

  private func deploy(_ words: [String]) async throws -> Programs.Result {
    let person = try Person()
    try person.home.write(Self.inventory, to: "ktrdr.yml")
    return try await person.ktrdr(words: ["deploy"] + words + ["--tag", "v1", "--dry-run"])
  }

  @Test(arguments: [
    (["shop"], ["shop"]), (["shop", "web"], ["shop"]), (["shop", "web", "worker"], ["shop"]),
    (["shop", "all"], ["shop"]), (["core"], ["core"]), (["core", "backend", "db"], ["core"]),
    (["core", "all"], ["core"]),
    (["edge-1"], ["edge-1"]), (["edge"], ["edge-1", "edge-2"]), (["edge", "2"], ["edge-2"]),
    (["edge", "1", "2"], ["edge-1", "edge-2"]), (["edge", "all"], ["edge-1", "edge-2"]),
    (["target", "target"], ["odd"]), (["target", "shop", "web"], ["shop"]), (["group", "edge"], ["edge-1", "edge-2"]),
    (["group", "edge", "2"], ["edge-2"]),
  ])
  func `a name and the words after it choose the hosts`(words: [String], hosts: [String]) async throws {
    let result = try await deploy(words)
    #expect(result.status == 69, "\(result.error)")
    for host in ["shop", "core", "odd", "edge-1", "edge-2"] {
      #expect(result.error.contains("could not resolve \(host).invalid") == hosts.contains(host), "\(result.error)")
    }
  }

  @Test(arguments: [
    (["shpo"], "unknown target or group 'shpo'\n  next: did you mean 'shop'? The inventory has shop, core, target"),
    (["nothing-like-it"], "next: expected one of shop, core, target, edge-1, edge-2, edge"),
    (["web"], "next: it is a service of shop: write 'shop web'"), ([], "no target given"),
    (
      ["shop", "core"],
      "shop has no service core: it is another target, and a command deploys one\n  next: deploy one after"
    ),
    (["shop", "v1.4.0"], "v1.4.0 is not a service of shop\n  next: did you mean --tag v1.4.0?"),
    (["core", "sha-0992ae0"], "did you mean --tag sha-0992ae0?"),
    (["shop", "webb"], "shop has no service webb\n  next: did you mean 'web'?"),
    (["edge", "3"], "group 'edge' has no node '3'"), (["workers"], "unknown target or group 'workers'"),
    (["target", "shpo"], "unknown target 'shpo'\n  next: did you mean 'shop'?"),
    (["group", "shop"], "unknown group 'shop'\n  next: expected edge"), (["target", "edge"], "unknown target 'edge'"),
  ])
  func `64: what is unknown is told with what there is`(words: [String], answer: String) async throws {
    let result = try await deploy(words)
    #expect(result.status == 64, "\(result.error)")
    #expect(result.error.contains(answer), "\(result.error)")
    #expect(result.output.isEmpty)
  }

  @Test func `the help of deploy NAME lists the options of every deployment`() async throws {
    for words in [["deploy", "shop", "--help"], ["deploy", "TARGET", "--help"]] {
      let result = try await Person().ktrdr(words: words)
      #expect(result.status == 0)
      for word in ["<target> [<service> ...]", "--tag <tag>", "--dry-run", "--canary", "--profile"] {
        #expect(result.output.contains(word), "\(word) in \(result.output)")
      }
    }
  }
}
