/// What the steps of a deployment are called, in the ledger and on the console.
public enum StepName {
  /// Nothing runs in it: it is recorded before the host is told to change anything. A deployment without it has changed
  /// nothing, whatever became of its client.
  public static let changing = "changing"
  static let config = "config"
  static let pull = "pull"
  static let up = "up"
  static let health = "health"
  static let logs = "logs"
  static let scaleDown = "scale-down"
}
