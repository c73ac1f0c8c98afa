import Ledger
import Platform

/// The table and the CSV of `history`.
enum HistoryText {
  static func table(_ deployments: [Deployment]) -> String {
    var table = Table(header: ["ID", "STARTED", "TARGET", "SERVICES", "TAG", "KIND", "OUTCOME", "TOOK", "OPERATOR"])
    for deployment in deployments {
      let start = deployment.start
      table.rows.append([
        "\(deployment.id)", shortTime(deployment), start.target, start.services.joined(separator: ","),
        start.tag ?? "-", start.kind.rawValue, deployment.outcome?.rawValue ?? "running",
        deployment.durationMS.map(seconds) ?? "-", start.operator,
      ])
    }
    return table.text
  }

  static func csv(_ deployments: [Deployment]) -> String {
    let header = [
      "id", "uuid", "batch", "kind", "target", "host", "services", "profiles", "tag", "git_sha", "git_dirty",
      "operator", "client", "started_at", "finished_at", "duration_ms", "outcome", "reason", "undoes",
    ]
    let records = deployments.map { deployment in
      let start = deployment.start
      return CSV.record([
        "\(deployment.id)", deployment.uuid, start.batch, start.kind.rawValue, start.target, start.host,
        start.services.joined(separator: " "), start.profiles.joined(separator: " "), start.tag, start.gitSHA,
        start.gitDirty.map { "\($0)" }, start.operator, start.client, deployment.startedAt.rfc3339,
        deployment.finishedAt?.rfc3339, deployment.durationMS.map { "\($0)" }, deployment.outcome?.rawValue,
        deployment.reason, start.undoes.map { "\($0)" },
      ])
    }
    return CSV.record(header) + records.joined()
  }

  /// `2026-11-24 10:17:03Z`.
  static func shortTime(_ deployment: Deployment) -> String { shortTime(deployment.startedAt) }

  static func shortTime(_ date: Date) -> String {
    let text = date.rfc3339
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))Z"
  }

  static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(milliseconds / 100 % 10)s"
  }
}
