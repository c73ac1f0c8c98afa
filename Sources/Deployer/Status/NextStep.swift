/// One thing to do that brings a target back to what the ledger expects.
public enum NextStep: Sendable, Equatable {
  case run(Command)
  /// A rollback has changed nothing, so another one may come to the same; the rollbacks in the other direction go to what is expected.
  case goBack(Command, orForward: [Command])
  /// What fails with these files fails again until somebody corrects them. Deployment `since` was good with others.
  case correctFiles(on: HostName, since: Int64)

  /// A command of this program.
  public enum Command: Sendable, Equatable {
    /// Every service if none is named, and HEAD's version without a tag.
    case deploy(TargetName, services: [String] = [], tag: ImageTag? = nil, isDryRun: Bool = false)
    /// The newest change if no service is named, and to the last good image without a deployment's number.
    case rollback(TargetName, services: [String] = [], to: Int64? = nil)

    /// As it is typed.
    public var line: String {
      let words =
        switch self {
        case .deploy(let target, let services, let tag, let isDryRun):
          ["deploy", target.value] + services + (tag.map { ["--tag", "\($0)"] } ?? []) + (isDryRun ? ["--dry-run"] : [])
        case .rollback(let target, let services, let deployment):
          ["rollback", target.value] + services + (deployment.map { ["--to", "\($0)"] } ?? [])
        }
      return (["ktrdr"] + words).joined(separator: " ")
    }
  }

  /// What a person is told.
  public var line: String {
    switch self {
    case .run(let command): command.line
    case .goBack(let command, let forward):
      "\(command.line), or forward again: \(forward.map(\.line).joined(separator: "; "))"
    case .correctFiles(let host, let good):
      "correct the compose file on \(host), which has changed since deployment \(good), and deploy again"
    }
  }
}
