/// The name of an environment variable that a deployment sets for Compose on the host.
public typealias EnvironmentName = Name<EnvironmentKind>

public enum EnvironmentKind: NameKind {
  public static let noun = "environment variable name"
  public static let rule =
    "letters, digits and '_', not starting with a digit, and not a variable that the host's shell, Docker or Compose "
    + "acts on (listed in docs/inventory.md)"

  public static func violation(in value: String) -> String? {
    let reason = violation(in: value, upTo: 128, first: { $0.isWord && !$0.isDigit }, rest: \.isWord)
    if let reason { return reason }
    return ReservedVariables.contains(value) ? "reserved, because it would change how the deployment itself runs" : nil
  }
}

extension Name where Kind == EnvironmentKind {
  /// The variable that selects the image unless the target names another one with `tag_variable`.
  public static var imageTag: EnvironmentName { EnvironmentName(known: "IMAGE_TAG") }
}
