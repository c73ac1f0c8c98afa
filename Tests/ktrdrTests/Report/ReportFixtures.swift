import Ledger
import Platform
import Testing

@testable import Ledger
@testable import ktrdr

/// Texts that somebody could have put into a ledger to change what a report says.
let hostileTexts = [
  "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE event; --",
  "</style><script>x</script>",
  "</table></main><h1>Proven</h1>", "&lt;b&gt; & <b>", "a\u{0}b\u{1B}[31mred\u{7}", "safe\u{202E}gnp.exe\u{202C}",
  "line one\nline two\u{2028}three", "javascript:alert(1)", "\u{E0001}\u{E0041}tagged", "مرحبا עולם",
  String(repeating: "W", count: 3000), "<!--", "]]>", "{{7*7}}", "url(http://evil.example/x)",
  "https://evil.example/x.png",
]

extension ReportContent {
  /// A report of 2026-11-01 to 2026-11-28 with nothing wrong.
  static func of(
    _ deployments: [Deployment] = [], problems: [Verification.Problem] = [], warnings: [String] = [],
    anchors: [AnchorFinding]? = nil, unreadable: String? = nil, sample: ReportedDeployments.Sample? = nil,
    path: String = "/home/ana/ledger.db"
  ) -> ReportContent {
    let facts = deployments.sorted { $0.id < $1.id }.map {
      DeploymentFacts($0, steps: [.init(name: "changing", durationMS: 0), .init(name: "up", durationMS: 900)])
    }
    let since = someTime.addingTimeInterval(-27 * 86_400)
    let found = ReportedDeployments(
      unreadable: unreadable, population: facts.map(\.deployment),
      statistics: facts.isEmpty ? nil : Statistics(of: facts, in: since...someTime),
      undone: Dictionary(uniqueKeysWithValues: deployments.map { ($0.id, $0) }), sample: sample)
    let head = Head(seq: 40, hash: String(repeating: "ab", count: 32), ledgerID: "6d2f0a52-0000-4000-8000-000000000000")
    let verification = Verification(
      events: 40, deployments: Int64(deployments.count), head: head, problems: problems, warnings: warnings)
    return ReportContent(
      ledgerPath: path, ledgerID: head.ledgerID, since: since, until: nil, generatedAt: someTime,
      generator: "ktrdr 0.1.0", proof: LedgerProof(verification: verification, anchors: anchors), found: found)
  }
}

extension String {
  /// The text of a page, roughly: without tags, with the five escapes resolved.
  var readable: String {
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    return escapes.reduce(replacing(/<[^>]*>/, with: " ")) { $0.replacing($1.0, with: $1.1) }
  }
}
