import Ledger
import Platform
import Testing

@testable import ktrdr

/// The page as a pure function of what was read.
struct ReportPageTests {
  private static let story = [
    recorded(1, ["backend", "db"], "sha-aaaaaaa", minutesAgo: 60 * 24 * 20),
    recorded(2, ["backend"], "sha-bbbbbbb", by: "ci", .failed, because: "unhealthy\n\nsince\n12:00", minutesAgo: 3000),
    recorded(3, ["backend"], "sha-aaaaaaa", undoes: 2, minutesAgo: 2990), recorded(4, ["web"], nil, on: "shop", nil),
    recorded(5, ["web"], "v5", on: "shop", .unknown, because: "connection lost"),
  ]

  private func page(_ content: ReportContent) -> String { ReportPage(content).html }

  @Test func `the same content is the same page, byte for byte`() {
    #expect(page(.of(Self.story)) == page(.of(Self.story)))
  }

  @Test func `it asks nobody for anything, and allows no script`() {
    let html = page(.of(Self.story))
    #expect(html.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    #expect(html.contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-"))
    let body = html.replacing(/<style>[^<]*<\/style>/, with: "")
    for word in [
      "<script", "<img", "<link", "<iframe", "<object", "<form", " style=", " onload=", "http:", "https:", "url(",
    ] {
      #expect(!body.contains(word), "\(word)")
    }
    #expect(!ReportPage.style.contains("url(") && !ReportPage.style.contains("@import"))
  }

  @Test func `every deployment is there, with sign, word, reason and what it undoes`() {
    let html = page(.of(Self.story))
    for id in 1...5 { #expect(html.contains("<tr id=d\(id)><td>\(id)<td>"), "\(id)") }
    let text = html.readable
    for words in [
      "✓ succeeded", "✗ failed", "? unknown", "↻ running", "backend → sha-bbbbbbb", "unhealthy since 12:00",
      "backend ↩ sha-aaaaaaa", "undoes #2", "All 5 deployments, from #1 to #5",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test func `the figures are those of stats, with a sentence each`() {
    let text = page(.of(Self.story)).readable
    for words in ["Change failure rate", "50.0%", "1 of 2 changes", "DORA: change fail rate", "1 running: not ended"] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test func `a picture says in words what it shows`() {
    let html = page(.of(Self.story))
    #expect(html.contains("role=img aria-label=\"core, 2026-11-01 to 2026-11-28: 1 succeeded, 1 rollback, 1 failed\""))
    #expect(html.contains("<title>1 failed</title>") || html.contains("1 rollback, 1 failed</title>"))
  }

  @Test(
    arguments: [
      ([], nil, "Proven: the ledger is whole", "class=\"verdict good\""),
      (
        [AnchorFinding(target: "core", seq: 40, verdict: "agrees")], nil,
        "what the hosts have kept of the ledger agrees",
        "class=\"verdict good\""
      ),
      (
        [AnchorFinding(target: "core", seq: nil, verdict: "missing")], nil, "Not proven: an anchor is missing",
        "class=\"verdict warn\""
      ),
      (
        [], Verification.Problem(seq: 7, what: "the event was changed"),
        "Verification failed: do not rely on this report", "class=\"verdict bad\""
      ),
    ] as [([AnchorFinding], Verification.Problem?, String, String)])
  func `the verdict is the first thing`(
    anchors: [AnchorFinding], problem: Verification.Problem?, words: String, style: String
  ) throws {
    let html = page(
      .of(Self.story, problems: problem.map { [$0] } ?? [], anchors: anchors.isEmpty ? nil : anchors))
    #expect(html.contains(style))
    let text = html.readable
    let verdict = try #require(text.firstRange(of: words))
    let figures = try #require(text.firstRange(of: "Failure rate"))
    #expect(verdict.lowerBound < figures.lowerBound)
    if let problem { #expect(text.contains("event 7: \(problem.what)")) }
  }

  @Test func `without deployments it says so, and what could not be read is said loudly`() {
    #expect(page(.of()).readable.contains("No deployment started in this period."))
    let html = page(.of(unreadable: "the ledger /x is damaged: <no>"))
    #expect(html.contains("<section id=unreadable class=alarm>") && html.contains("is damaged: &lt;no&gt;"))
    #expect(!html.contains("id=population"))
  }

  @Test func `a rollback stands beside what it undoes, also what is not on the page`() {
    var content = ReportContent.of(Self.story)
    content.found.population.removeFirst(2)
    let text = page(content).readable
    #expect(text.contains("#2") && text.contains("sha-bbbbbbb"))
    content.found.undone = [:]
    #expect(page(content).readable.contains("#2, which the ledger does not have"))
  }

  @Test(arguments: hostileTexts)
  func `whatever a ledger says, it is text`(text: String) throws {
    let plain = page(.of(Self.hostile("x"), problems: [.init(what: "x")], sample: Self.sample("x"), path: "x"))
    let content = ReportContent.of(
      Self.hostile(text), problems: [.init(what: text)], warnings: [], sample: Self.sample(text), path: text)
    let html = page(content)
    #expect(html.filter { $0 == "<" }.count == plain.filter { $0 == "<" }.count)
    #expect(html.filter { $0 == ">" }.count == plain.filter { $0 == ">" }.count)
    #expect(!html.unicodeScalars.contains { $0.steersOutput && $0 != "\n" })
  }

  /// Deployments of which every text is this one.
  private static func hostile(_ text: String) -> [Deployment] {
    ([(1, .failed, nil), (2, .succeeded, 1)] as [(Int64, Outcome, Int64?)]).map { id, outcome, undoes in
      var deployment = recorded(id, [text], text, by: text, on: text, outcome, because: "r", undoes: undoes)
      deployment.reason = "r\(text)"
      (deployment.uuid, deployment.composeDigest) = (text, text)
      deployment.start.host = text
      (deployment.start.gitSHA, deployment.start.batch, deployment.start.client) = (text, text, text)
      deployment.start.secretVersions = [SecretVersion(item: text, version: 1)]
      return deployment
    }
  }

  private static func sample(_ text: String) -> ReportedDeployments.Sample {
    let image = ImageIdentity(reference: text, id: text, digest: text)
    let step = StepRecord(name: text, startedAt: someTime, durationMS: 1, outcome: .failed, output: text)
    return .init(
      seed: text, size: 2,
      deployments: hostile(text).map {
        .init(deployment: $0, steps: [step], images: [ImageRecord(service: text, before: image, after: nil)])
      })
  }
}
