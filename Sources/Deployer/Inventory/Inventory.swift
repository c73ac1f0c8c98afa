/// What can be deployed, and where: the targets, the registries, and where the secrets are kept.
public struct Inventory: Sendable, Equatable {
  /// The registries that the hosts log in to, in file order; none if they pull without a login. Servers are unique.
  public var registries: [Registry]
  /// The defaults for secrets. Every ``SecretReference`` already includes them; kept for writing the file again.
  public var secretDefaults: SecretDefaults
  /// At least one, in file order. Names are unique, and so are the nodes within a group.
  public var targets: [Target]
  public var origin: Origin
  /// Where commits and images can be looked at in a browser.
  public var links = Links()

  public enum Origin: Sendable, Equatable {
    /// The homelab compiled into ktrdr.
    case builtIn
    case file(path: String)
  }

  public init(
    registries: [Registry], secretDefaults: SecretDefaults = SecretDefaults(), targets: [Target], origin: Origin
  ) {
    self.registries = registries
    self.secretDefaults = secretDefaults
    self.targets = targets
    self.origin = origin
  }
}

extension Inventory.Origin: CustomStringConvertible {
  /// The file's path as messages show it.
  public var description: String {
    switch self {
    case .builtIn: "built-in KTRDR homelab"
    case .file(let path): path
    }
  }
}
