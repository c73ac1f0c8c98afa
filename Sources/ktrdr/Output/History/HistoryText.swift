import Ledger
import Platform

/// What `history` prints for programs: tab-separated text and CSV.
enum HistoryText {
  /// For programs. What is absent is `-`.
  static func tabSeparated(_ deployments: [Deployment], in appearance: Appearance) -> String {
    let header = [
      "ID", "STARTED", "TARGET", "SERVICES", "TAG", "KIND", "OUTCOME", "TOOK", "OPERATOR", "UNDOES", "REASON",
    ]
    let rows = deployments.map { deployment in
      let start = deployment.start
      return [
        "\(deployment.id)", TimeText.exact(deployment.startedAt, in: appearance), start.target,
        start.services.joined(separator: ","), start.tag ?? "-", start.kind.rawValue,
        deployment.outcome?.rawValue ?? "running", deployment.durationMS.map(seconds) ?? "-", start.operator,
        start.undoes.map { "\($0)" } ?? "-", deployment.reason ?? "-",
      ]
    }
    return TabSeparated.text(header, rows)
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

  static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(milliseconds / 100 % 10)s"
  }
}
