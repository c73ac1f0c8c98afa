import Platform

/// How somebody else gets the same answers, without believing this page.
struct CheckSection {
  var content: ReportContent

  private var period: String {
    [("--since", content.since), ("--until", content.until ?? content.generatedAt)].compactMap { option, date in
      date.map { "\(option) \($0.rfc3339)" }
    }.joined(separator: " ")
  }

  var markup: Markup {
    """
    <section id=check>
    <h2>Check it yourself</h2>
    <p>With the ledger and <code>ktrdr</code>, or with the second verifier, <code>docs/verify_ledger.py</code>:</p>
    <pre>ktrdr ledger verify --anchors
    ktrdr history \(period) --limit 1000000 --format csv
    ktrdr stats \(period)</pre>
    \(draw)
    </section>
    """
  }

  private var draw: Markup {
    guard let sample = content.found.sample, !sample.deployments.isEmpty else { return "" }
    return """
      <p>The sample is the first \(sample.size) of all deployment numbers of the period, sorted by the SHA-256 of the seed, a comma and \
      the number. With the numbers, one a line:</p>
      <pre>for number in $(cat numbers); do
        printf '%s %s\\n' "$(printf %s \(Self.quoted(sample.seed)),$number | sha256sum)" $number
      done | LC_ALL=C sort | head -n \(sample.size) | awk '{print $3}'</pre>
      """
  }

  /// A word for a shell.
  private static func quoted(_ word: String) -> String { "'\(word.replacing("'", with: "'\\''"))'" }
}
