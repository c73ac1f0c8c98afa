public import Platform

extension Observation.Container {
  /// When it was last started.
  public var startedAt: Date? { Self.moment(since) }

  /// Docker prints nanoseconds, of which milliseconds are kept.
  static func moment(_ text: String) -> Date? {
    let digits = text.prefix { "0123456789-:T.".contains($0) }
    guard text.dropFirst(digits.count) == "Z", let second = digits.split(separator: ".").first else { return nil }
    let fraction = digits.dropFirst(second.count + 1).prefix(3)
    let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
    return try? Date("\(second).\(padded)Z", strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}

extension Observation {
  /// How long a container has been up; `nil` if that cannot be told.
  func uptime(of container: Container) -> Duration? {
    guard let time, let startedAt = container.startedAt else { return nil }
    return .milliseconds(Int64(time.timeIntervalSince(startedAt) * 1000))
  }
}
