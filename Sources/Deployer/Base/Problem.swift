/// One thing that stands in the way of a deployment: what it is, and what to do next.
public struct Problem: Sendable, Equatable {
  /// Which part of the world it is about; it decides the exit status.
  public enum Area: Sendable, Equatable {
    /// The host, ssh, Docker, Compose, a file on the host.
    case host
    /// 1Password.
    case secrets
  }

  public var area: Area
  public var what: String
  public var nextStep: String

  public init(_ area: Area, _ what: String, nextStep: String) {
    self.area = area
    self.what = what
    self.nextStep = nextStep
  }
}
