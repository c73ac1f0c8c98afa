/// The name of an environment variable that a deployment sets for Compose on the host.
public typealias EnvironmentName = Name<EnvironmentKind>

public enum EnvironmentKind: NameKind {
  public static let noun = "environment variable name"
  public static let rule =
    "letters, digits and '_', not starting with a digit, and not a variable that the host's shell, Docker or Compose "
    + "reads"

  public static func violation(in value: String) -> String? {
    let reason = violation(in: value, upTo: 128, first: { $0.isWord && !$0.isDigit }, rest: \.isWord)
    if let reason { return reason }
    let isReserved = reserved.contains(value) || reservedPrefixes.contains { value.hasPrefix($0) }
    return isReserved ? "reserved, because it would change how the deployment itself runs" : nil
  }

  /// Variables that the remote shell, the dynamic linker, Docker or Compose read themselves, or that bash cannot set.
  static let reserved: Set = [
    "PATH", "HOME", "IFS", "ENV", "BASH_ENV", "PS4", "SHELLOPTS", "BASHOPTS", "UID", "EUID", "PPID",
  ]
  static let reservedPrefixes = ["LD_", "DOCKER_", "COMPOSE_"]
}

extension Name where Kind == EnvironmentKind {
  /// The variable that selects the image unless the target names another one with `tag_variable`.
  public static var imageTag: EnvironmentName { EnvironmentName(known: "IMAGE_TAG") }
}
