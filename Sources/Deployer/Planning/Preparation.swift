/// Everything that is known before a deployment begins. Nothing has been changed or recorded yet.
struct Preparation: Sendable {
  var plan: Plan
  var check: HostCheck
  /// What ran; `nil` if Docker did not answer.
  var observed: Observation?
  var secrets: FetchedSecrets
}

/// Why a deployment could not be prepared.
enum PreparationFailure: Error, Sendable {
  case refused(DeployFailure)
  /// The connection never answered; with 1Password's own problems, if there are any.
  case unreachable([Problem])
}
