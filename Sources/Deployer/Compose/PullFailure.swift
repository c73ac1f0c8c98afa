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
}
