import Ledger
import Platform

/// The table of `history` on a terminal.
enum HistoryTable {
  /// The header and a line for each deployment. `images` are the names of those that they left, by service; `current` the deployments of which something
  /// should run now.
  static func lines(
    _ deployments: [Deployment], images: [Int64: [String: String]] = [:], current: Set<Int64>, in appearance: Appearance
  ) -> [String] {
    let all: [(column: Column, cell: (Deployment) -> Cell)] = [
      (Column(title: ""), { mark($0, current, appearance.signs) }),
      (Column(title: "", gap: 1), { sign($0, appearance.signs) }),
      (Column(title: "#", isRightAligned: true, gap: 1), { "\($0.id)" }),
      (
        Column(title: "WHEN", fit: .dropped(rank: 4)),
        { Cell(TimeText.of($0.startedAt, in: appearance)) }
      ),
      (Column(title: "TARGET"), { Cell($0.start.target) }),
      (Column(title: "WHAT"), { what($0, images[$0.id] ?? [:], appearance) }),
      (Column(title: "BY", fit: .dropped(rank: 2)), { Cell(forms: OperatorName.forms($0.start.operator)) }),
      (Column(title: "REASON", fit: .cut(least: 12, rank: 3)), { reason($0, appearance.signs) }),
      (
        Column(title: "TOOK", fit: .dropped(rank: 1), isRightAligned: true),
        { Cell($0.durationMS.map(TimeText.took) ?? "") }
      ),
    ]
    let isOneTarget = Set(deployments.map(\.start.target)).count < 2
    let shown = all.filter { column, cell in
      if column.title == "TARGET" { return !isOneTarget }
      return deployments.contains { cell($0).widest > 0 }
    }
    let rows = deployments.map { deployment in shown.map { $0.cell(deployment) } }
    return Table(columns: shown.map(\.column), rows: rows).lines(width: appearance.width, in: appearance)
  }

  private static func mark(_ deployment: Deployment, _ current: Set<Int64>, _ signs: Signs) -> Cell {
    current.contains(deployment.id) ? Cell(signs.current, .bold) : ""
  }

  private static func sign(_ deployment: Deployment, _ signs: Signs) -> Cell {
    let color = color(of: deployment.outcome)
    return switch deployment.outcome {
    case .succeeded: Cell(signs.succeeded, color)
    case .failed: Cell(signs.failed, color)
    case .cancelled: Cell(signs.cancelled, color)
    case .interrupted: Cell(signs.interrupted, color)
    case .unknown: Cell(signs.unknown, color)
    case nil: Cell(signs.running, color)
    }
  }

  private static func color(of outcome: Outcome?) -> Color? {
    switch outcome {
    case .succeeded: .green
    case .failed: .red
    case .cancelled, .interrupted, .unknown: .yellow
    case nil: nil
    }
  }

  /// Services and tag. Those that have a tag of their own are counted; with little room only the first is named.
  private static func what(_ deployment: Deployment, _ images: [String: String], _ appearance: Appearance) -> Cell {
    let start = deployment.start
    let subject = DeploymentSubject(deployment, images: images)
    let arrow = start.kind == .rollback ? appearance.signs.rolledBackTo : appearance.signs.deployedTo
    let links = [appearance.link(start.tag, toCommit: start.gitSHA)]
    func form(_ services: String, others: Int) -> String {
      let destination = subject.tag.map { [arrow, $0] } ?? (start.kind == .rollback ? [arrow] : [])
      return ([services] + destination + (others > 0 ? ["+\(others)"] : [])).filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    guard let first = subject.services.first else { return Cell(form("", others: 0), links: links) }
    let all = form(subject.services.joined(separator: " "), others: subject.others)
    return Cell(forms: [all, form(first, others: start.services.count - 1)], links: links)
  }

  /// What it undoes, and why it did not succeed.
  private static func reason(_ deployment: Deployment, _ signs: Signs) -> Cell {
    let undoes = deployment.start.undoes.map { "\(signs.undoes)\($0)" }
    let said = deployment.reason?.byteLines.filter { !$0.isEmpty }.joined(separator: " ")
    let why: String? =
      switch deployment.outcome {
      case .succeeded: said
      case .failed: said ?? "failed"
      case .some(let outcome): [outcome.rawValue, said].compactMap(\.self).joined(separator: ": ")
      case nil: "running"
      }
    let color = deployment.outcome == .succeeded ? nil : color(of: deployment.outcome)
    return Cell([undoes, why].compactMap(\.self).joined(separator: "  "), color)
  }
}
