import Ledger
import Platform

/// The head of a report: what it is about, whether to believe it, and what is in it.
struct ReportHead {
  var content: ReportContent

  var markup: Markup {
    """
    <header>
    <p class=eyebrow>Deployment report</p>
    <h1>\(title)</h1>
    <dl class=meta>
    <div><dt>Ledger</dt><dd>\(content.ledgerPath)<br><code>\(content.ledgerID)</code></dd></div>
    <div><dt>Deployments started</dt><dd>\(bound(content.since, "at any time")), until \(bound(content.until, "now"))</dd></div>
    <div><dt>Written</dt><dd>\(TimeText.short(content.generatedAt)) by \(content.generator)</dd></div>
    </dl>
    </header>
    \(contents)
    """
  }

  /// A day is not broken at its hyphens.
  private var title: Markup {
    let words = ReportWords.period(content).split(separator: " ").map(String.init)
    return words.enumerated().reduce(into: "") { $0 += "\($1.offset == 0 ? "" : " ")<span>\($1.element)</span>" }
  }

  private func bound(_ date: Date?, _ open: String) -> String { date.map { TimeText.short($0) } ?? open }

  private var contents: Markup {
    let found = content.found
    var links: [(String, String)] = [("integrity", "Integrity")]
    if found.unreadable == nil {
      if found.statistics?.targets.isEmpty == false { links += [("figures", "Figures"), ("timeline", "Timeline")] }
      links += [("population", "Deployments"), ("rollbacks", "Rollbacks")]
      if found.sample != nil { links.append(("sample", "Sample")) }
    }
    links.append(("check", "Check it yourself"))
    let items = links.map { "<li><a href=\"#\($0.0)\">\($0.1)</a></li>" as Markup }
    return "<nav aria-label=\"Contents\"><ul>\(items)</ul></nav>"
  }
}
