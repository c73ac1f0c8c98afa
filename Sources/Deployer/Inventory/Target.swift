/// A named Compose stack on one host.
public struct Target: Sendable, Equatable {
  public var name: TargetName
  /// The group that `node` belongs to, e.g. `workers`.
  public var group: TargetName?
  /// The target's name within its group, e.g. `B`; `nil` exactly if `group` is.
  public var node: String?
  public var host: HostName
  /// The directory of the Compose files on the host. An absolute path on one line.
  public var directory: String
  /// Relative to `directory`. If empty, Compose finds its files itself.
  public var composeFiles: [String]
  /// The files that Compose reads variables from, relative to `directory`. If empty, Compose reads its own `.env`.
  public var envFiles: [String]
  /// The services that can be deployed; if empty, the inventory does not restrict them.
  public var services: [ServiceName]
  /// The profiles that can be selected with `--profile`.
  public var profiles: [ProfileName]
  /// The variable that holds the image tag. ktrdr sets it for every deployment, so the inventory must not.
  public var tagVariable: EnvironmentName
  /// How the image tag is made from git, unless the operator chooses one.
  public var tagFormat: TagFormat
  /// Plain variables, in file order.
  public var environment: [EnvironmentVariable]
  /// Variables whose values come from 1Password, in file order.
  public var secrets: [SecretVariable]
  /// How long Compose may take for `up`, with the jobs and health checks that services wait for. At most an hour.
  public var upTimeout = Target.defaultUpTimeout
  /// How long to wait after `up` until the services are healthy. At most an hour.
  public var healthTimeout: Duration
  /// How long a service without a health check must stay up to count as healthy. At most an hour; zero does not wait.
  public var stableFor: Duration
  /// Whether to roll back services that do not become healthy.
  public var rollbackOnFailure: Bool

  /// Half an hour: images are on the host by then, so what takes long is a migration, and few take longer.
  public static let defaultUpTimeout = Duration.seconds(1800)
  /// Two minutes: most services start in seconds once the image is pulled, but a recovering database can take longer.
  public static let defaultHealthTimeout = Duration.seconds(120)
  /// Ten seconds: a process that cannot reach its database or read its configuration usually exits within five.
  public static let defaultStableFor = Duration.seconds(10)

  public init(
    name: TargetName, group: TargetName? = nil, node: String? = nil, host: HostName, directory: String,
    composeFiles: [String] = [], envFiles: [String] = [], services: [ServiceName] = [], profiles: [ProfileName] = [],
    tagVariable: EnvironmentName = .imageTag, tagFormat: TagFormat = .standard,
    environment: [EnvironmentVariable] = [], secrets: [SecretVariable] = [],
    healthTimeout: Duration = Target.defaultHealthTimeout, stableFor: Duration = Target.defaultStableFor,
    rollbackOnFailure: Bool = false
  ) {
    self.name = name
    self.group = group
    self.node = node
    self.host = host
    self.directory = directory
    self.composeFiles = composeFiles
    self.envFiles = envFiles
    self.services = services
    self.profiles = profiles
    self.tagVariable = tagVariable
    self.tagFormat = tagFormat
    self.environment = environment
    self.secrets = secrets
    self.healthTimeout = healthTimeout
    self.stableFor = stableFor
    self.rollbackOnFailure = rollbackOnFailure
  }

  /// The names of all variables that Compose gets.
  var variableNames: [String] {
    [tagVariable.value] + environment.map(\.name.value) + secrets.map(\.name.value)
  }

  /// How long a deployment watches its services: as long as they may take to become healthy, and long enough to see that
  /// they stay up, by a clock that may tell whole seconds only.
  var watchLimit: Duration { stableFor <= healthTimeout ? healthTimeout : stableFor + .seconds(2) }

  /// Whether `word` names this target's host: the target's name, or the host's full name or first label.
  public func matches(host word: String) -> Bool { word == name.value || host.matches(word) }
}

/// A variable with a plain value.
public struct EnvironmentVariable: Sendable, Equatable {
  public var name: EnvironmentName
  public var value: String

  public init(name: EnvironmentName, value: String) {
    self.name = name
    self.value = value
  }
}

/// A variable whose value is fetched from 1Password for each deployment.
public struct SecretVariable: Sendable, Equatable {
  public var name: EnvironmentName
  public var reference: SecretReference

  public init(name: EnvironmentName, reference: SecretReference) {
    self.name = name
    self.reference = reference
  }
}
