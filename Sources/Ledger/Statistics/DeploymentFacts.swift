/// What the figures need to know of one deployment.
public struct DeploymentFacts: Sendable, Equatable {
  /// How long one step took.
  public struct StepTime: Sendable, Equatable {
    public var name: String
    /// Measured with a monotonic clock.
    public var durationMS: Int64
    public var outcome: StepOutcome

    public init(name: String, durationMS: Int64, outcome: StepOutcome = .succeeded) {
      self.name = name
      self.durationMS = durationMS
      self.outcome = outcome
    }
  }

  public var deployment: Deployment
  /// In the order in which they were recorded.
  public var steps: [StepTime]
  /// Whether a service ran another image afterwards; `nil` if no image was recorded.
  public var changedImage: Bool?

  public init(_ deployment: Deployment, steps: [StepTime] = [], changedImage: Bool? = nil) {
    self.deployment = deployment
    self.steps = steps
    self.changedImage = changedImage
  }
}

extension DeploymentFacts {
  /// The steps that change a host, as ktrdr's client names them.
  public static let changingSteps: Set<String> = ["up", "scale-down"]
  /// The step that is recorded right before the host is told to change.
  public static let announcingStep = "changing"

  /// Whether the host was told to change. Where nobody saw the end, it counts that it was about to be told.
  public var reachedHost: Bool {
    guard deployment.outcome != .succeeded else { return true }
    let signs = deployment.isEndSeen ? Self.changingSteps : [Self.announcingStep]
    return steps.contains { signs.contains($0.name) }
  }
}
