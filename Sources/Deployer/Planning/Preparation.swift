/// Everything that is known before a deployment begins. Nothing has been changed or recorded yet.
struct Preparation: Sendable {
  var plan: Plan
  var check: HostCheck
  /// What ran; `nil` if Docker did not answer.
  var observed: Observation?
  var secrets: FetchedSecrets

  /// What Compose gets. The tag is that of the plan as it is by now: an automatic rollback has another one than the deployment before it.
  var values: DeploymentValues { values(plan.variableTag) }

  /// The same with another value of the tag's variable.
  func values(_ tag: ImageTag) -> DeploymentValues {
    let variable = (name: plan.target.tagVariable.value, value: Array(tag.value.utf8))
    return DeploymentValues(
      environment: [variable] + secrets.environment, login: secrets.login, pins: plan.overridingPins,
      alwaysPulled: plan.alwaysPulled, needles: secrets.needles)
  }
}

/// Why a deployment could not be prepared.
enum PreparationFailure: Error, Sendable {
  case refused(DeployFailure)
  /// The connection never answered; with 1Password's own problems, if there are any.
  case unreachable([Problem])
}
