/// What a deployment was meant to do.
public enum DeploymentKind: String, Sendable, CaseIterable {
  case deploy, rollback
}

/// How a deployment ended. A deployment without an outcome is still running.
public enum Outcome: String, Sendable, CaseIterable {
  /// `interrupted`: the client died. `unknown`: the connection broke while the host was changing.
  case succeeded, failed, cancelled, interrupted, unknown
}

/// How a step ended.
public enum StepOutcome: String, Sendable, CaseIterable, Codable {
  case succeeded, failed, cancelled, unknown, skipped
}

/// Which version of a 1Password item was used; nothing of the secret itself.
public struct SecretVersion: Sendable, Equatable, Codable {
  /// The item's id.
  public var item: String
  public var version: Int

  public init(item: String, version: Int) {
    self.item = item
    self.version = version
  }
}
