import Ledger
import Platform

/// Each rollback of the period beside the deployment that it undoes.
struct RollbackSection {
  var deployments: [Deployment]
  var undone: [Int64: Deployment]

  var markup: Markup {
    """
    <section id=rollbacks>
    <h2>Rollbacks</h2>
    \(table)
    </section>
    """
  }

  private var table: Markup {
    let rollbacks = deployments.filter { $0.start.kind == .rollback }
    guard !rollbacks.isEmpty else { return "<p>Nothing was rolled back in this period.</p>" }
    let onPage = Set(deployments.map(\.id))
    let rows = rollbacks.map { rollback -> Markup in
      let left = rollback.start.undoes.flatMap { undone[$0] }
      return """
        <tr><td data-label="What was undone">\(left.map { described($0, onPage) } ?? unknown(rollback))\
        <td data-label=Rollback>\(described(rollback, onPage))\
        <td class=number data-label=After>\(after(left, rollback))

        """
    }
    return """
      <table class="cards pairs"><thead><tr><th scope=col>What was undone<th scope=col>Rollback\
      <th scope=col class=number>After<tbody>
      \(rows)</table>
      """
  }

  private func described(_ deployment: Deployment, _ onPage: Set<Int64>) -> Markup {
    let reason = ReportWords.reason(deployment)
    return """
      \(deployment.link(onPage.contains(deployment.id))) \(deployment.outcome.markup) \(deployment.start.target) \
      \(ReportWords.what(deployment))<br><small>\(ReportWords.time(deployment.startedAt)) by \(deployment.start.operator)\
      \(reason.isEmpty ? "" : ": \(reason)" as Markup)</small>
      """
  }

  /// What it undoes is not recorded where nobody could know it: what ran was not the ledger's.
  private func unknown(_ rollback: Deployment) -> Markup {
    rollback.start.undoes.map { "#\($0), which the ledger does not have" as Markup } ?? "not recorded"
  }

  /// From the start of what was undone to the start of the rollback.
  private func after(_ left: Deployment?, _ rollback: Deployment) -> String {
    guard let left else { return "–" }
    let seconds = rollback.startedAt.timeIntervalSince(left.startedAt)
    return seconds < 0 ? "the clock went back" : TimeText.took(Int64((seconds * 1000).rounded()))
  }
}
