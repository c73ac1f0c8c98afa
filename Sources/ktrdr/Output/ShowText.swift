import Ledger
import Platform

/// The text of `show`.
enum ShowText {
  static func of(
    _ deployment: Deployment, steps: [StepRecord], images: [ImageRecord], in appearance: Appearance
  ) -> String {
    let start = deployment.start
    var lines = [
      "deployment \(deployment.id)  (\(deployment.uuid))",
      "  \(start.kind.rawValue) of \(start.target) on \(start.host)",
      "  services   \(start.services.joined(separator: ", "))",
      "  tag        \(start.tag ?? "-")\(start.gitSHA.map { "  (commit \($0))" } ?? "")\(start.gitDirty == true ? ", dirty tree" : "")",
      "  operator   \(start.operator), with \(start.client)",
      "  started    \(deployment.startedAt.rfc3339)",
      "  finished   \(deployment.finishedAt?.rfc3339 ?? "-")\(deployment.durationMS.map { "  after \(HistoryText.seconds($0))" } ?? "")",
      "  outcome    \(deployment.outcome?.rawValue ?? "running")",
    ]
    if let reason = deployment.reason { lines.append("  reason     \(reason)") }
    if let undone = start.undoes {
      let isDone = (deployment.outcome ?? .succeeded) == .succeeded
      lines.append("  undoes     deployment \(undone)\(isDone ? "" : " (it did not get that far)")")
    }
    if !start.profiles.isEmpty { lines.append("  profiles   \(start.profiles.joined(separator: ", "))") }
    for secret in start.secretVersions { lines.append("  secrets    item \(secret.item), version \(secret.version)") }
    lines.append(start.services.isEmpty && steps.isEmpty ? "" : "steps")
    for step in steps {
      lines.append(
        "  \(step.name.padded(to: 8)) \(step.outcome.rawValue.padded(to: 10)) \(HistoryText.seconds(step.durationMS))")
      if let purge = step.purge {
        lines.append("    output purged \(TimeText.short(purge.at)): \(purge.reason)")
      }
      if step.outcome != .succeeded || step.name == "logs" {
        for line in (step.output ?? "").byteLines.filter({ !$0.isEmpty }).suffix(30) { lines.append("    | \(line)") }
      }
    }
    // By the line that they are in.
    var links = [3: appearance.link(start.gitSHA, toCommit: start.gitSHA)]
    if !images.isEmpty { lines.append("images") }
    let isEndSeen = deployment.isEndSeen
    for image in images {
      lines.append("  \(image.service)")
      links[lines.count] = appearance.link(image.before?.reference, to: image.before)
      lines.append("    before  \(image.before.map(text) ?? "-")")
      links[lines.count] = appearance.link(image.after?.reference, to: image.after)
      lines.append("    after   \(image.after.map(text) ?? (isEndSeen ? "-" : "not known"))")
    }
    return lines.enumerated().map { appearance.linked(Console.line($1), [links[$0] ?? nil]) }.joined(separator: "\n")
  }

  private static func text(_ image: ImageIdentity) -> String {
    "\(image.reference)  \(image.digest ?? image.id)"
  }
}
