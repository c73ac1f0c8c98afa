import Ledger
import Platform

/// The page of a report: one document that needs no script, no network and no other file.
struct ReportPage {
  let html: String

  /// `deployments` is the part that is about them, if it was made already.
  init(_ content: ReportContent, deployments: Markup? = nil) {
    let title = Markup(text: "Deployments, \(ReportWords.period(content))")
    var body = ReportHead(content: content).markup
    body += IntegritySection(proof: content.proof).markup
    if let reason = content.found.unreadable {
      body += """
        <section id=unreadable class=alarm><h2>The deployments could not be read</h2><p>\(reason)</p></section>
        """
    } else {
      body += deployments ?? Self.sections(of: content.found)
    }
    body += CheckSection(content: content).markup
    let page: Markup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <meta name="generator" content="\(content.generator)">
      <title>\(title)</title>
      <style>\(Markup(trusted: Self.style))</style>
      </head>
      <body>
      <main>
      \(body)
      </main>
      </body>
      </html>

      """
    html = page.html
  }

  /// The part of the page that is about the deployments.
  static func sections(of found: ReportedDeployments) -> Markup {
    var markup: Markup = ""
    if let statistics = found.statistics, !statistics.targets.isEmpty {
      markup += FiguresSection(statistics: statistics).markup
      markup += TimelineSection(deployments: found.population, period: statistics.period).markup
    }
    markup += PopulationSection(deployments: found.population).markup
    markup += RollbackSection(deployments: found.population, undone: found.undone).markup
    if let sample = found.sample {
      markup += SampleSection(sample: sample, population: found.population.count).markup
    }
    return markup
  }

  static let style = String(decoding: PackageResources.report_css, as: UTF8.self)

  /// Allows nothing but the page's own style sheet: no script, no request, no form, no frame.
  static let policy: String = {
    let hash = Data(Digest.sha256(of: style)).base64EncodedString()
    return "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
  }()
}
