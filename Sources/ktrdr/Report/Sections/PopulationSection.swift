import Ledger

/// Every deployment of the period, a row each.
struct PopulationSection {
  var deployments: [Deployment]

  var markup: Markup {
    """
    <section id=population>
    <h2>Deployments</h2>
    \(table)
    </section>
    """
  }

  private var table: Markup {
    guard let first = deployments.first, let last = deployments.last else {
      return "<p>No deployment started in this period.</p>"
    }
    let gone = last.id - first.id + 1 - Int64(deployments.count)
    let gap = gone > 0 ? "; \(gone) between them started outside of the period" : ""
    let hasDirty = deployments.contains { $0.start.gitDirty == true }
    return """
      <p>All \(ReportWords.count(deployments.count, "deployment")), from #\(first.id) to #\(last.id)\(gap). \
      Numbers have no gaps in a whole ledger. Times are UTC.\(hasDirty ? " A commit with a * had uncommitted changes." : "")</p>
      <table class=population><thead><tr><th scope=col>#<th scope=col>Outcome<th scope=col>Started<th scope=col>Target\
      <th scope=col>What<th scope=col>Commit<th scope=col>By<th scope=col>Took<tbody>
      \(deployments.map(row))</table>
      """
  }

  /// Without the end tags that HTML lets be left out: with thousands of rows they are a fifth of the page.
  private func row(_ deployment: Deployment) -> Markup {
    let reason = ReportWords.reason(deployment)
    let undoes = deployment.start.undoes.map { " <small>undoes #\($0)</small>" as Markup } ?? ""
    return """
      <tr id=d\(deployment.id)><td>\(deployment.id)<td>\(deployment.outcome.markup)<td>\(ReportWords.time(deployment.startedAt))\
      <td>\(deployment.start.target)<td>\(ReportWords.what(deployment))\(undoes)\
      \(reason.isEmpty ? "" : "<small class=why>\(reason)</small>" as Markup)<td>\(ReportWords.commit(deployment))\
      <td>\(deployment.start.operator)<td>\(ReportWords.took(deployment))

      """
  }
}
