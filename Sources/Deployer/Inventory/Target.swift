/// A named Compose stack on one host.
public struct Target: Sendable, Equatable {
  public var name: TargetName
  /// The group that `node` belongs to, e.g. `workers`.
  public var group: TargetName?
  /// What distinguishes this target within its group, e.g. `B`; `nil` exactly when `group` is.
  public var node: String?
  public var host: HostName
  /// Where the Compose files lie on the host. Absolute, one line.
  public var directory: String
  /// Relative to `directory`. Empty means what Compose finds by itself.
  public var composeFiles: [String]
  /// The services that may be named; empty means that the inventory does not say.
  public var services: [ServiceName]
  /// The profiles that may be asked for.
  public var profiles: [ProfileName]
  /// Plain variables, in the order of the file.
  public var environment: [EnvironmentVariable]
  /// Variables whose values are fetched from 1Password, in the order of the file.
  public var secrets: [SecretVariable]
  /// How long to wait after `up` for the services to be healthy. At most an hour.
  public var healthTimeout: Duration
  /// Whether services go back to what ran before when they do not become healthy.
  public var rollbackOnFailure: Bool

  /// Two minutes: an image that was pulled already starts in seconds, a database that recovers does not.
  public static let defaultHealthTimeout = Duration.seconds(120)

  public init(
    name: TargetName, group: TargetName? = nil, node: String? = nil, host: HostName, directory: String,
    composeFiles: [String] = [], services: [ServiceName] = [], profiles: [ProfileName] = [],
    environment: [EnvironmentVariable] = [], secrets: [SecretVariable] = [],
    healthTimeout: Duration = Target.defaultHealthTimeout, rollbackOnFailure: Bool = false
  ) {
    self.name = name
    self.group = group
    self.node = node
    self.host = host
    self.directory = directory
    self.composeFiles = composeFiles
    self.services = services
    self.profiles = profiles
    self.environment = environment
    self.secrets = secrets
    self.healthTimeout = healthTimeout
    self.rollbackOnFailure = rollbackOnFailure
  }

  /// The names of the variables that Compose gets.
  var variableNames: [String] {
    [EnvironmentKind.imageTag] + environment.map(\.name.value) + secrets.map(\.name.value)
  }

  /// Whether `word` means this target where a host is asked for: its name, or its host's full name or first label.
  public func matches(host word: String) -> Bool { word == name.value || host.matches(word) }
}

/// A variable that is no secret.
public struct EnvironmentVariable: Sendable, Equatable {
  public var name: EnvironmentName
  public var value: String

  public init(name: EnvironmentName, value: String) {
    self.name = name
    self.value = value
  }
}

/// A variable whose value is fetched for each deployment.
public struct SecretVariable: Sendable, Equatable {
  public var name: EnvironmentName
  public var reference: SecretReference

  public init(name: EnvironmentName, reference: SecretReference) {
    self.name = name
    self.reference = reference
  }
}
