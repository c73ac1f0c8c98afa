/// Why `pull` failed, from the words of Docker and the registry.
enum PullFailure: Equatable {
  case imageMissing, refused, unreachable, diskFull, rateLimited
  case other(line: String)

  static func classify(_ output: String) -> PullFailure {
    let words: [(String, PullFailure)] = [
      ("manifest unknown", .imageMissing), ("manifest for", .imageMissing), ("not found", .imageMissing),
      ("toomanyrequests", .rateLimited), ("no space left", .diskFull), ("unauthorized", .refused),
      ("authentication required", .refused), ("no basic auth", .refused), ("denied", .refused),
      ("no such host", .unreachable), ("connection refused", .unreachable), ("dial tcp", .unreachable),
      ("timeout", .unreachable),
    ]
    let text = output.lowercased()
    if let match = words.first(where: { text.contains($0.0) }) { return match.1 }
    let line = output.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    return .other(line: line.map { String($0.prefix(200)) } ?? "no output")
  }

  func reason(plan: Plan) -> String {
    let server = plan.registry?.server ?? "the registry"
    let unchanged = "; nothing was changed"
    return switch self {
    case .imageMissing: "\(server) has no image with the tag \(plan.tag): has CI finished building it?\(unchanged)"
    case .refused:
      "\(server) refused the login of \(plan.registry?.username ?? "nobody"): is the token in 1Password still valid?"
        + unchanged
    case .unreachable: "\(plan.target.host) cannot reach \(server)\(unchanged)"
    case .diskFull: "the disk of \(plan.target.host) is full\(unchanged); free some with: docker image prune"
    case .rateLimited: "\(server) answers that there were too many requests; wait a while\(unchanged)"
    case .other(let line): "pull failed: \(line)\(unchanged)"
    }
  }
}
