/// Where a secret is kept in 1Password. Never the secret itself.
public struct SecretReference: Sendable, Hashable {
  /// The item's name or id.
  public var item: String
  /// `nil` means every vault that `op` can access. Required for service accounts and Connect.
  public var vault: String?
  /// `nil` means the account that `op` is signed in to.
  public var account: String?
  /// The field's label or id.
  public var field: String
  /// Whether the value is redacted in all output. ktrdr never prints a value either way.
  public var sensitive: Bool

  public init(item: String, vault: String? = nil, account: String? = nil, field: String, sensitive: Bool = true) {
    self.item = item
    self.vault = vault
    self.account = account
    self.field = field
    self.sensitive = sensitive
  }
}

/// The defaults for every secret: `secrets` at the top of the file.
public struct SecretDefaults: Sendable, Equatable {
  public var item: String?
  public var vault: String?
  public var account: String?

  public init(item: String? = nil, vault: String? = nil, account: String? = nil) {
    self.item = item
    self.vault = vault
    self.account = account
  }
}

/// A registry that the hosts log in to.
public struct Registry: Sendable, Equatable {
  /// `host` or `host:port`.
  public var server: String
  public var username: String
  public var token: SecretReference

  /// The name by which two spellings of the same registry are equal.
  var host: String { Self.host(server) }

  /// Docker Hub has several names, Docker's configuration also has URLs, and DNS ignores case.
  static func host(_ server: String) -> String {
    var name = server.lowercased()
    for scheme in ["https://", "http://"] where name.hasPrefix(scheme) { name.removeFirst(scheme.count) }
    name = String(name.prefix { $0 != "/" })
    return ["index.docker.io", "registry-1.docker.io", "registry.docker.io"].contains(name) ? "docker.io" : name
  }

  public init(server: String, username: String, token: SecretReference) {
    self.server = server
    self.username = username
    self.token = token
  }
}
