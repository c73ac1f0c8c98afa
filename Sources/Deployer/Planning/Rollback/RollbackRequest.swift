import Ledger

/// What an operator asked for with `rollback`, before it is known what runs.
public struct RollbackRequest: Sendable, Equatable {
  /// Where to go back to.
  public enum Destination: Sendable, Equatable {
    /// Each service to its own last good image.
    case lastGood
    /// A tag that the operator chose.
    case tag(ImageTag)
    /// What a recorded deployment left running.
    case deployment(Int64)
  }

  /// Which services go back.
  public enum Coverage: Sendable, Equatable {
    /// Those that the target's newest deployment changed; with a deployment as the destination, all of its services.
    case changed
    /// Every service that has a container and a recorded image.
    case all
    case named([ServiceName])
  }

  public var target: Target
  public var coverage: Coverage
  public var destination: Destination
  /// The one deployment to take back: if the target was changed since, it is left alone. `nil` takes back the newest.
  public var undoing: Int64?
  /// The commit behind a tag that the operator chose, where the repository knows it.
  public var commit: GitSHA?
  public var registries: [Registry]
  public var `operator`: String
  public var client: String
  public var batch: String?
  /// How long to wait for another deployment to end.
  public var lockTimeout: Duration

  public init(
    target: Target, coverage: Coverage, destination: Destination, commit: GitSHA? = nil, registries: [Registry],
    operator: String, client: String, batch: String? = nil, lockTimeout: Duration = .zero
  ) {
    self.target = target
    self.coverage = coverage
    self.destination = destination
    self.commit = commit
    self.registries = registries
    self.operator = `operator`
    self.client = client
    self.batch = batch
    self.lockTimeout = lockTimeout
  }

  /// The services that were named.
  var named: [ServiceName] { if case .named(let services) = coverage { services } else { [] } }
}
