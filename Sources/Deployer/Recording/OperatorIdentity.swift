/// Who deploys, as the ledger records it.
public enum OperatorIdentity {
  /// The variables in which the common CI systems name the person whose push started the job.
  static let ciActors = [
    "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILDKITE_BUILD_CREATOR", "CIRCLE_USERNAME", "BUILD_USER",
  ]

  /// `$KTRDR_OPERATOR`, else a CI's own name for the actor, else git's `user.email`, else `user@machine`.
  public static func resolve(
    environment: [String: String], gitEmail: () async -> String?, machine: String
  ) async -> String {
    for name in ["KTRDR_OPERATOR"] + ciActors {
      if let value = environment[name]?.trimmed, !value.isEmpty { return value }
    }
    if let email = await gitEmail() { return email }
    return "\(environment["USER"] ?? environment["LOGNAME"] ?? "unknown")@\(machine)"
  }
}
