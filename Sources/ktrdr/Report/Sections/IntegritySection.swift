import Ledger

/// Whether the ledger is complete and unchanged, and how that is known.
struct IntegritySection {
  var proof: LedgerProof

  private var report: Verification { proof.verification }

  var markup: Markup {
    """
    <section id=integrity class="verdict \(style)">
    <h2><span class=sign aria-hidden=true>\(sign)</span> \(headline)</h2>
    <p>\(explanation)</p>
    \(problems)
    <dl class=meta>
    <div><dt>Verified</dt><dd>\(ReportWords.count(Int(report.events), "event")) of \
    \(ReportWords.count(Int(report.deployments), "deployment"))</dd></div>
    \(head)
    </dl>
    \(warnings)
    \(anchors)
    </section>
    """
  }

  private var style: String { proof.verdict == "proven" ? "good" : proof.verdict == "damaged" ? "bad" : "warn" }
  private var sign: String { proof.verdict == "proven" ? "✓" : proof.verdict == "damaged" ? "✗" : "!" }

  private var headline: String {
    switch proof.verdict {
    case "proven": "Proven: the ledger is whole"
    case "damaged": "Verification failed: do not rely on this report"
    default: "Not proven: an anchor is missing"
    }
  }

  private var explanation: String {
    switch proof.verdict {
    case "proven" where proof.anchors == nil:
      "Every event matches its hash and follows the one before it. By itself, the file cannot show that its end was removed, "
        + "or that all of it was rewritten: the anchors on the hosts can, and were not asked for."
    case "proven":
      "Every event matches its hash and follows the one before it, and what the hosts have kept of the ledger agrees."
        + (proof.anchors?.contains { $0.otherLedgerAt != nil } == true
          ? " Some hosts were deployed to with other ledgers, too, whose deployments this one cannot have: see below."
          : "")
    case "damaged":
      "The ledger is damaged or was tampered with. The report shows what can be read; any of it may be wrong or missing."
    default:
      "Every event matches its hash and follows the one before it, but a host that should have an anchor has none, or could "
        + "not be asked: it is not proven that the ledger is the one that the hosts have seen."
    }
  }

  private var problems: Markup {
    guard !report.problems.isEmpty else { return "" }
    let items = report.problems.map { problem -> Markup in
      let place = problem.seq.map { "event \($0): " } ?? ""
      return "<li>\(place)\(problem.what)</li>"
    }
    return "<ul class=problems>\(items)</ul>"
  }

  private var warnings: Markup {
    guard !report.warnings.isEmpty else { return "" }
    return "<ul class=notes>\(report.warnings.map { "<li>Note: \($0)</li>" as Markup })</ul>"
  }

  private var head: Markup {
    guard let head = report.head else { return "" }
    return "<div><dt>Head</dt><dd>event \(head.seq)<br><code>\(head.hash)</code></dd></div>"
  }

  private var anchors: Markup {
    guard let anchors = proof.anchors, !anchors.isEmpty else { return "" }
    let rows = anchors.map { anchor -> Markup in
      """
      <tr><td data-label=Target>\(anchor.target)<td class=number data-label=Event>\(anchor.seq.map(String.init) ?? "–")\
      <td data-label=Verdict>\(anchor.verdict)<td data-label=Meaning>\(Self.meaning(of: anchor.verdict))\(Self.note(on: anchor))
      """
    }
    return """
      <h3>Anchors on the hosts</h3>
      <table class=cards><thead><tr><th>Target<th class=number>Event<th>Verdict<th>Meaning<tbody>\(rows)</table>
      """
  }

  private static func note(on anchor: AnchorFinding) -> String {
    anchor.otherLedgerAt.map {
      " Another ledger deployed there too, last at \($0): its deployments are not in this report."
    } ?? ""
  }

  static func meaning(of verdict: String) -> String {
    switch verdict {
    case AnchorVerdict.agrees.rawValue: "The ledger has this very event, which proves all events up to it."
    case AnchorVerdict.ahead.rawValue: "The host has seen a later event: the end of the ledger was removed."
    case AnchorVerdict.differs.rawValue: "The ledger has another event there: it was forked or rewritten."
    case AnchorVerdict.replaced.rawValue: "The host knows another ledger only, which this one may have replaced."
    case AnchorFinding.foreign: "The host knows another operator's ledger only; this one never deployed there."
    case AnchorFinding.missing: "The ledger left its head there, but the host has no anchor."
    default: "The host or its anchors could not be read."
    }
  }
}
