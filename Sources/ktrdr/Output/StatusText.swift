import Deployer
import Ledger

/// The table of `status`: what should run next to what is running.
enum StatusText {
  static func of(_ targets: [TargetStatus], console: Console) -> String {
    var table = Table(header: [
      "TARGET", "SERVICE", "VERDICT", "SHOULD RUN", "SINCE DEPLOYMENT", "RUNS", "STATE", "STARTED", "HEAD AHEAD",
    ])
    var verdicts: [Verdict] = []
    for target in targets {
      let name = target.target.name.value
      if target.services.isEmpty {
        table.rows.append([name, "-", target.verdict.rawValue, "-", "-", "-", "-", "-", "-"])
        verdicts.append(target.verdict)
      }
      for service in target.services {
        table.rows.append([name] + row(service))
        verdicts.append(service.verdict)
      }
    }
    table.paint = { row, column, cell in
      column == 2 ? console.colored(cell, color(of: verdicts[row])) : cell
    }
    return table.text
  }

  private static func row(_ status: ServiceStatus) -> [String] {
    let expected = status.expected
    let running = status.running
    return [
      status.service, status.verdict.rawValue,
      expected.map { image(tag: $0.tag, digest: $0.image.digest ?? $0.image.id) } ?? "-",
      expected.map { "\($0.deployment.id) by \($0.deployment.start.operator), \(HistoryText.shortTime($0.deployment))" }
        ?? "-",
      running.map { image(tag: $0.tag, digest: $0.digest ?? $0.imageID) } ?? "-",
      running.map { "\($0.state)\($0.health.map { ", \($0)" } ?? "")" } ?? "-",
      running?.since.map(HistoryText.shortTime) ?? "-", status.commitsAhead.map { "\($0)" } ?? "-",
    ]
  }

  /// The tag and the first 12 digits of the digest, as Docker abbreviates it.
  private static func image(tag: String?, digest: String) -> String {
    let short = (digest.split(separator: "@").last ?? "").drop { $0 != ":" }.dropFirst().prefix(12)
    return tag.map { "\($0) \(short)" } ?? String(short)
  }

  private static func color(of verdict: Verdict) -> String {
    switch verdict {
    case .inSync, .completed: "32"
    case .unrecorded, .orphaned, .drifted: "33"
    case .unhealthy, .stopped, .missing, .unreachable: "31"
    }
  }
}
