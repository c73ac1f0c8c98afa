/// What is known when a deployment starts, before anything touches the host.
public struct DeploymentStart: Sendable, Equatable {
  /// The same for all deployments that one command started.
  public var batch: String?
  public var kind: DeploymentKind
  /// The target's name in the inventory.
  public var target: String
  /// The host name that ssh connects to.
  public var host: String
  /// The stack's directory on the host.
  public var directory: String?
  /// The services that it deploys. The name of a service or a profile cannot contain a comma or a control character.
  public var services: [String]
  public var profiles: [String]
  public var tag: String?
  /// The full commit id.
  public var gitSHA: String?
  /// True if the working tree had uncommitted changes.
  public var gitDirty: Bool?
  public var `operator`: String
  /// The program that deployed, and its version.
  public var client: String
  /// The deployment that a rollback undoes.
  public var undoes: Int64?
  /// Which versions of which secrets it used; never their values.
  public var secretVersions: [SecretVersion]
  /// The registry that it logs in to.
  public var registry: String?

  public init(
    batch: String? = nil, kind: DeploymentKind, target: String, host: String, directory: String? = nil,
    services: [String] = [], profiles: [String] = [], tag: String? = nil, gitSHA: String? = nil,
    gitDirty: Bool? = nil, operator: String, client: String, undoes: Int64? = nil,
    secretVersions: [SecretVersion] = [], registry: String? = nil
  ) {
    self.batch = batch
    self.kind = kind
    self.target = target
    self.host = host
    self.directory = directory
    self.services = services
    self.profiles = profiles
    self.tag = tag
    self.gitSHA = gitSHA
    self.gitDirty = gitDirty
    self.operator = `operator`
    self.client = client
    self.undoes = undoes
    self.secretVersions = secretVersions
    self.registry = registry
  }

  /// Every text of it as the ledger would store it, so that the caller can check them for secrets. Empty if the ledger does
  /// not accept this start.
  public var storedTexts: [String] { (try? Event.started(self))?.texts ?? [] }
}
