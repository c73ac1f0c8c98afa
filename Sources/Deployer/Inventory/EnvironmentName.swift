/// The name of a variable that may be set for Compose on the host.
public typealias EnvironmentName = Name<EnvironmentKind>

public enum EnvironmentKind: NameKind {
  public static let noun = "name for an environment variable"
  public static let rule =
    "letters, digits and '_', no digit first, and none of the names that the host's shell, "
    + "Docker or Compose act upon"

  public static func refusal(of value: String) -> String? {
    if let reason = refusal(of: value, upTo: 128, first: { $0.isWord && !$0.isDigit }, rest: \.isWord) { return reason }
    let isReserved = reserved.contains(value) || reservedPrefixes.contains { value.hasPrefix($0) }
    return isReserved ? "it is reserved, since it would change how the deployment itself runs" : nil
  }

  /// What the remote shell, its dynamic linker, Docker and Compose read for themselves, and what bash refuses to set.
  static let reserved: Set = [
    "PATH", "HOME", "IFS", "ENV", "BASH_ENV", "PS4", "SHELLOPTS", "BASHOPTS", "UID", "EUID", "PPID",
  ]
  static let reservedPrefixes = ["LD_", "DOCKER_", "COMPOSE_"]
}

extension EnvironmentKind {
  /// The variable that says which image runs. ktrdr sets it in every deployment, so an inventory may not.
  public static let imageTag = "IMAGE_TAG"
}
