/// One thing that prevents a deployment.
public struct Problem: OperatorError, Equatable {
  /// Where the problem is. It decides the exit status.
  public enum Area: Sendable, Equatable {
    /// The host, ssh, Docker, Compose, or a file on the host.
    case host
    /// 1Password.
    case secrets
  }

  public var area: Area
  public var what: String
  public var nextStep: String?

  public init(_ area: Area, _ what: String, nextStep: String?) {
    self.area = area
    self.what = what
    self.nextStep = nextStep
  }
}
