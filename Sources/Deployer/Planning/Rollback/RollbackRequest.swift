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

  public var target: Target
  /// Empty means the services that the target's newest deployment changed.
  public var services: [ServiceName]
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
    target: Target, services: [ServiceName], destination: Destination, commit: GitSHA? = nil, registries: [Registry],
    operator: String, client: String, batch: String? = nil, lockTimeout: Duration = .zero
  ) {
    self.target = target
    self.services = services
    self.destination = destination
    self.commit = commit
    self.registries = registries
    self.operator = `operator`
    self.client = client
    self.batch = batch
    self.lockTimeout = lockTimeout
  }
}
