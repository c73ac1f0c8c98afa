import Deployer
import Ledger

/// The text of `diff`.
enum DiffText {
  /// The maximum number of commits to list in each direction.
  static let commitLimit = 20

  static func of(_ from: Deployment, _ to: Deployment, difference: Difference, commits: CommitComparison) -> String {
    var lines = ["\(name(from)) -> \(name(to))"]
    func add(_ label: String, _ text: String) { lines.append("  \(label.padded(to: 13))\(text)") }
    func add(_ label: String, _ change: Difference.Change<String?>?) {
      if let change { add(label, "\(change.from ?? "-") -> \(change.to ?? "-")") }
    }
    func add(_ label: String, _ change: Difference.Change<String>?) {
      if let change { add(label, "\(change.from) -> \(change.to)") }
    }
    func add(_ label: String, _ change: Difference.ListChange) {
      let signed = change.removed.map { "-\($0)" } + change.added.map { "+\($0)" }
      if !signed.isEmpty { add(label, signed.joined(separator: " ")) }
    }
    add("target", difference.target)
    add("host", difference.host)
    add("kind", difference.kind)
    add("tag", difference.tag)
    // Not as added and removed: a service that was not deployed still runs.
    if !difference.services.removed.isEmpty || !difference.services.added.isEmpty {
      let lists = [from, to].map { $0.start.services.joined(separator: ", ") }
      add("deployed", "\(lists[0]) -> \(lists[1])")
    }
    add("profiles", difference.profiles)
    for image in difference.images {
      add("image", image.service)
      lines += ["    from  \(image.from.map(text) ?? "-")", "    to    \(image.to.map(text) ?? "-")"]
    }
    add("compose file", difference.composeDigest)
    for secret in difference.secrets {
      let versions = [secret.from, secret.to].map { $0.map { "version \($0)" } ?? "not used" }
      add("secrets", "item \(secret.item), \(versions.joined(separator: " -> "))")
    }
    if lines.count == 1 { lines.append("  no recorded differences; the values of variables are not recorded") }
    return Console.lines(lines + self.lines(of: commits))
  }

  private static func lines(of comparison: CommitComparison) -> [String] {
    switch comparison {
    case .same(let commit): ["  commits      same commit: \(commit.short)"]
    case .unknown(let reason): ["  commits      unknown: \(reason)"]
    case .between(let added, let removed):
      ["  commits      \(added.count) added, \(removed.count) removed"]
        + listed(added, sign: "+") + listed(removed, sign: "-")
    }
  }

  private static func listed(_ commits: [GitRepository.Commit], sign: String) -> [String] {
    let rest = commits.count - commitLimit
    return commits.prefix(commitLimit).map { "    \(sign) \($0.sha.prefix(7)) \($0.subject)" }
      + (rest > 0 ? ["    \(sign) and \(rest) more"] : [])
  }

  private static func name(_ deployment: Deployment) -> String {
    "deployment \(deployment.id) (\(deployment.start.target), \(TimeText.short(deployment.startedAt)), "
      + "\(deployment.outcome?.rawValue ?? "running"))"
  }

  private static func text(_ image: ImageIdentity) -> String { "\(image.reference)  \(image.digest ?? image.id)" }
}
