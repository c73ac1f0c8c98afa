/// What can be deployed, and where to: the targets, the registry, and where the secrets are kept.
public struct Inventory: Sendable, Equatable {
  /// `nil` means that the hosts need no login.
  public var registry: Registry?
  /// What secrets fall back to. Already filled in where a ``SecretReference`` is; kept to write the file again.
  public var secretDefaults: SecretDefaults
  /// In the order of the file; at least one; names are unique, and so are the nodes of a group.
  public var targets: [Target]
  public var origin: Origin

  public enum Origin: Sendable, Equatable {
    /// The homelab that ktrdr knows without a file.
    case builtIn
    case file(path: String)
  }

  public init(
    registry: Registry?, secretDefaults: SecretDefaults = SecretDefaults(), targets: [Target], origin: Origin
  ) {
    self.registry = registry
    self.secretDefaults = secretDefaults
    self.targets = targets
    self.origin = origin
  }
}

extension Inventory.Origin: CustomStringConvertible {
  /// What messages call the file.
  public var description: String {
    switch self {
    case .builtIn: "built-in inventory"
    case .file(let path): path
    }
  }
}
