/// What an operator asked for on one target. A rollback becomes a plan only when it is known what runs there.
public enum DeployRequest: Sendable {
  case deploy(Plan)
  case rollback(RollbackRequest)

  public var target: Target {
    switch self {
    case .deploy(let plan): plan.target
    case .rollback(let request): request.target
    }
  }

  var `operator`: String {
    switch self {
    case .deploy(let plan): plan.operator
    case .rollback(let request): request.operator
    }
  }

  var lockTimeout: Duration {
    switch self {
    case .deploy(let plan): plan.lockTimeout
    case .rollback(let request): request.lockTimeout
    }
  }

  var isRollback: Bool {
    switch self {
    case .deploy: false
    case .rollback: true
    }
  }

  /// Whether it may be about some of the target's services only.
  public var isPartial: Bool { isRollback || !services.isEmpty }

  /// What of it needs 1Password.
  var secretNeeds: SecretNeeds {
    switch self {
    case .deploy(let plan): SecretNeeds([plan.target], registries: plan.registries)
    case .rollback(let request): SecretNeeds([request.target], registries: request.registries)
    }
  }

  /// The services that were named.
  var services: [String] {
    switch self {
    case .deploy(let plan): plan.services.map(\.value)
    case .rollback(let request): request.named.map(\.value)
    }
  }
}
