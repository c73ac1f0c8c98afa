extension PullFailure {
  /// The reason that is recorded.
  func reason(plan: Plan) -> String {
    let server = plan.registry?.server ?? "the registry"
    let unchanged = "; nothing was changed"
    return switch self {
    case .imageMissing: "\(server) has no image with the tag \(plan.tag): has CI finished building it?\(unchanged)"
    case .refused:
      "\(server) refused the login of \(plan.registry?.username ?? "nobody"): check that the token in 1Password is still valid"
        + unchanged
    case .unreachable: "\(plan.target.host) cannot reach \(server)\(unchanged)"
    case .diskFull: "the disk of \(plan.target.host) is full\(unchanged); free space there: docker image prune"
    case .rateLimited: "\(server) is rate limiting requests: try again later\(unchanged)"
    case .other(let line): "pull failed: \(line)\(unchanged)"
    }
  }
}
