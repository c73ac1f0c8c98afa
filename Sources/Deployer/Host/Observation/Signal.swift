import Platform

/// A signal that Docker sent to a container.
struct Signal: Sendable, Equatable {
  /// The container's id.
  var container: String
  /// By its number on Linux.
  var number: Int
  var time: Date

  /// Of the id, the number, and nanoseconds since 1970; `nil` where they are not that.
  init?(_ fields: [String]) {
    guard fields.count == 3, let number = Int(fields[1]), let time = Int64(fields[2]) else { return nil }
    container = fields[0]
    self.number = number
    self.time = Date(timeIntervalSince1970: TimeInterval(time) / 1e9)
  }

  /// The number of a signal as an image or a compose file may write it; `nil` for a name that is not known. Empty means SIGTERM
  /// (https://docs.docker.com/reference/dockerfile/#stopsignal).
  static func number(_ text: String) -> Int? {
    if text.isEmpty { return numbers["TERM"] }
    let name = text.uppercased()
    let short = name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name
    if let match = short.wholeMatch(of: /RTMIN(?:\+([0-9]{1,2}))?/) { return 34 + (match.1.flatMap { Int($0) } ?? 0) }
    return Int(short) ?? numbers[short]
  }

  /// Those that anybody ends a program with, as signal(7) has them for Linux.
  private static let numbers = [
    "HUP": 1, "INT": 2, "QUIT": 3, "ABRT": 6, "KILL": 9, "USR1": 10, "USR2": 12, "TERM": 15, "PWR": 30, "WINCH": 28,
  ]
}

extension [Signal] {
  /// When a container was last asked to end.
  func end(of container: Observation.Container) -> Date? {
    guard let wanted = Signal.number(container.stopSignal) else { return nil }
    return filter { $0.container == container.id && $0.number == wanted }.map(\.time).max()
  }
}
