import Ledger
import Platform
import TestSupport
import Testing

@testable import Deployer
@testable import ktrdr

extension String {
  /// Without links.
  fileprivate var unlinked: String { replacing(/\u{1B}\]8;;[^\u{1B}]*\u{1B}\\/, with: "") }
}

private func someLinks() throws -> Links {
  var links = Links()
  links.commit = try LinkTemplate("https://git/{sha}")
  links.image = try LinkTemplate("https://hub/{image}/{tag}")
  return links
}

private func linked(_ text: String, to address: String) -> String {
  "\u{1B}]8;;\(address)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
}

struct LinkTests {
  private func appearance(_ width: Int? = 80, colors: Bool = false, hasLinks: Bool = true) throws -> Appearance {
    var appearance = Appearance(width: width, hasColors: colors, signs: .unicode, now: someTime, times: .relative)
    if hasLinks { appearance.links = try someLinks() }
    return appearance
  }

  private func built(_ id: Int64, _ services: [String], _ tag: String) -> Deployment {
    var deployment = recorded(id, services, tag)
    deployment.start.gitSHA = "0992ae0bcdef"
    return deployment
  }

  @Test func `the tag of a deployment leads to its commit, and takes as much room as before`() throws {
    let deployments = [built(3, ["sha-1", "db"], "sha-1"), recorded(2, ["backend"], "v1"), recorded(1, ["db"], nil)]
    for width in [30, 60, 80, 120] {
      for colors in [true, false] {
        let with = HistoryTable.lines(deployments, current: [3], in: try appearance(width, colors: colors))
        let without = HistoryTable.lines(
          deployments, current: [3], in: try appearance(width, colors: colors, hasLinks: false))
        #expect(with.map(\.unlinked) == without)
        #expect(with[1].contains("→ \(linked("sha-1", to: "https://git/0992ae0bcdef"))"), "\(with[1])")
        #expect(with.count { $0.contains("\u{1B}]8") } == 1)
      }
    }
  }

  @Test func `show leads to the commit and to the images`() throws {
    let deployment = built(3, ["backend"], "sha-1")
    let images = [
      ImageRecord(
        service: "backend", before: ImageIdentity(reference: "r/b", id: "sha256:1"),
        after: ImageIdentity(reference: "r/b:sha-1", id: "sha256:2"))
    ]
    let plain = ShowText.of(deployment, steps: [], images: images, in: try appearance(hasLinks: false))
    let text = ShowText.of(deployment, steps: [], images: images, in: try appearance())
    #expect(text.unlinked == plain && !plain.contains("\u{1B}"))
    #expect(text.contains("(commit \(linked("0992ae0bcdef", to: "https://git/0992ae0bcdef")))"))
    #expect(text.contains("after   \(linked("r/b:sha-1", to: "https://hub/r/b/sha-1"))  sha256:2"))
    #expect(text.contains("before  r/b  sha256:1"))
  }

  @Test(arguments: [60, 80, 120])
  func `status leads to what runs and to what should, whatever the layout`(width: Int) throws {
    let targets = Array(try several().prefix(4))
    let with = StatusReport(targets: targets, appearance: try appearance(width)).lines()
    let without = StatusReport(targets: targets, appearance: try appearance(width, hasLinks: false)).lines()
    #expect(with.map(\.unlinked) == without)
    let bad = linked("sha-0bad0ba", to: "https://hub/r/x/sha-0bad0ba")
    let good = linked("sha-0992ae0", to: "https://hub/r/x/sha-0992ae0")
    #expect(with[1].contains("backend  \(bad), should be \(good)"))
    let wide = StatusText.wide(targets, in: try appearance(width))
    #expect(wide.map(\.unlinked) == StatusText.wide(targets, in: try appearance(width, hasLinks: false)))
    #expect(wide.contains { $0.contains(bad) && $0.contains(good) })
    #expect(!StatusText.tabSeparated(targets, in: try appearance(nil, hasLinks: false)).contains("\u{1B}"))
  }

  @Test func `a part that was cut, or is not there, is no link; of several the last place counts`() throws {
    let appearance = try appearance()
    let link = try #require(appearance.link("v1", toCommit: "abc"))
    let other = try #require(appearance.link("git", toCommit: "def"))
    #expect(appearance.linked("v1 v1", [link]) == "v1 \(linked("v1", to: "https://git/abc"))")
    #expect(appearance.linked("v…", [link, nil]) == "v…")
    #expect(
      appearance.linked("git v1", [link, other])
        == "\(linked("git", to: "https://git/def")) \(linked("v1", to: "https://git/abc"))")
    let odd = try #require(appearance.link("v\u{1B}[1m", toCommit: "a\u{1B}b"))
    let cell = Cell("tag v\u{1B}[1m", links: [odd])
    let safe = linked(#"v\u{1b}[1m"#, to: "https://git/a%1Bb")
    #expect(appearance.linked(cell.form(in: 80).text, cell.links) == "tag \(safe)")
  }

  @Test(
    arguments: [
      (.auto, true, ["TERM": "xterm"], true), (.always, true, ["TERM": "xterm", "NO_COLOR": "1"], true),
      (.never, true, ["TERM": "xterm"], false), (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false),
      (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true), (.auto, true, ["TERM": "dumb"], false),
      (.always, true, ["TERM": "dumb"], false), (.auto, true, [:], false), (.auto, true, ["TERM": "linux"], false),
      (.always, false, ["TERM": "xterm", "CLICOLOR_FORCE": "1"], false),
    ] as [(ColorChoice, Bool, [String: String], Bool)])
  func `links are for terminals that are not told to be plain`(
    choice: ColorChoice, isTerminal: Bool, environment: [String: String], hasLinks: Bool
  ) {
    #expect(Terminal.hasLinks(choice, isTerminal: isTerminal, environment) == hasLinks)
  }
}

/// The real program on a real terminal.
struct LinkCommandTests {
  private func someone(inventory: String) async throws -> Person {
    var person = try Person()
    person.environment.merge(["TERM": "xterm-256color", "LANG": "C.UTF-8"]) { $1 }
    try person.home.write("\(inventory)\ntargets: {core: {host: core.invalid, directory: /srv}}\n", to: "ktrdr.yml")
    let ledger = try await DeploymentLedger.open(path: person.ledger, access: .readWrite)
    let sha = String(repeating: "ab", count: 20)
    let start = DeploymentStart(
      kind: .deploy, target: "core", host: "core.invalid", services: ["web"], tag: "v1", gitSHA: sha, operator: "ana",
      client: "c")
    let id = try await ledger.begin(start).id
    let image = ImageRecord(service: "web", after: ImageIdentity(reference: "r/web:v1", id: "sha256:1"))
    try await ledger.finish(id, Finish(outcome: .succeeded, durationMS: 1), images: [image])
    return person
  }

  private static let inventory = "links: {commit: 'https://git/{sha}', image: 'https://hub/{image}'}"

  private func shown(_ person: Person, _ words: [String]) async throws -> String {
    try await PseudoTerminal.run(
      KtrdrBinary.path, words, environment: person.environment, in: person.home.path, columns: 100
    ).output
  }

  @Test func `history, show and status have links on a terminal, and nowhere else`() async throws {
    var person = try await someone(inventory: Self.inventory)
    let commit = linked("v1", to: "https://git/" + String(repeating: "ab", count: 20))
    #expect(try await shown(person, ["history"]).contains("web → \(commit)"))
    #expect(try await shown(person, ["show", "1"]).contains(linked("r/web:v1", to: "https://hub/r/web")))
    for words in [["status", "--wide"], ["status", "--at", "0m"]] {
      #expect(try await shown(person, words).contains(linked("v1", to: "https://hub/r/web")), "\(words)")
    }
    for words in [["history"], ["show", "1"], ["status", "--wide"], ["status", "--at", "0m"]] {
      #expect(try await !person.ktrdr(words: words + ["--color", "always"]).output.contains("\u{1B}]8"))
      #expect(try await !shown(person, words + ["--color", "never"]).contains("\u{1B}"))
      if words != ["status", "--wide"] { #expect(try await !shown(person, words + ["--json"]).contains("\u{1B}")) }
    }
    person.environment["NO_COLOR"] = "1"
    #expect(try await !shown(person, ["history"]).contains("\u{1B}"))
    person.environment["NO_COLOR"] = nil
    person.environment["TERM"] = "dumb"
    #expect(try await !shown(person, ["history"]).contains("\u{1B}"))
  }

  @Test(arguments: ["", "links: {commit: 'nowhere'}"])
  func `without links, or with a broken inventory, history and show are as before`(inventory: String) async throws {
    let person = try await someone(inventory: inventory)
    for words in [["history"], ["show", "last"]] {
      let text = try await shown(person, words)
      #expect(text.contains("v1") && !text.contains("\u{1B}]8"))
    }
  }
}
