import Platform

/// Who deploys, as the ledger records it.
public enum OperatorIdentity {
  /// The variables in which the common CI systems name the person whose push started the job.
  static let ciActors = [
    "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILDKITE_BUILD_CREATOR", "CIRCLE_USERNAME", "BUILD_USER",
  ]

  /// `$KTRDR_OPERATOR`, else a CI's own name for the actor, else git's `user.email`, else `user@machine`, where
  /// `account` is the user if no variable has one. A name that could pass for another one, or for several lines, is refused:
  /// it would be one in every list and lock file.
  public static func resolve(
    environment: [String: String], gitEmail: () async -> String?, machine: String, account: String? = accountName
  ) async throws(UnrecordableText) -> String {
    for name in ["KTRDR_OPERATOR"] + ciActors {
      if let value = environment[name]?.trimmed, !value.isEmpty {
        return try UnrecordableText.check(value, from: "$\(name)")
      }
    }
    if let email = await gitEmail() { return try UnrecordableText.check(email, from: "git's user.email") }
    let user = ["USER", "LOGNAME"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? account ?? "unknown"
    return try UnrecordableText.check("\(user)@\(machine)", from: "the name of user and machine")
  }

  /// Whom the system takes this process for: cron and some CI systems set no variable.
  public static var accountName: String? {
    guard let account = getpwuid(geteuid()), let name = account.pointee.pw_name else { return nil }
    return String(cString: name)
  }
}
