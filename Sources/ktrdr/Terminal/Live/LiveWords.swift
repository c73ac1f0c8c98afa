import Deployer

/// How the figures of a running deployment are written.
enum LiveWords {
  /// How long something has been going on, in whole seconds: `12s`, `2m05s`.
  static func elapsed(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    return seconds < 60 ? "\(seconds)s" : TimeText.took(seconds * 1000)
  }

  /// `14.5 of 60.0 MB`: both in the unit of the whole, rounded.
  static func bytes(_ bytes: PullBytes) -> String {
    let (size, unit): (Int64, String) =
      switch bytes.total {
      case ..<1_000_000: (1000, "kB")
      case ..<1_000_000_000: (1_000_000, "MB")
      default: (1_000_000_000, "GB")
      }
    func figure(_ count: Int64) -> String {
      let tenths = (count + size / 20) / (size / 10)
      return "\(tenths / 10).\(tenths % 10)"
    }
    return "\(figure(bytes.fetched)) of \(figure(bytes.total)) \(unit)"
  }

  /// In place of lines for which a terminal was too slow.
  static func leftOut(_ lines: Int) -> String { "(\(lines) lines left out: the terminal is too slow)" }

  /// `backend, db are starting, web must stay up for 10s`.
  static func pending(_ services: [PendingService]) -> String {
    var causes: [PendingService.Cause] = []
    for service in services where !causes.contains(service.cause) { causes.append(service.cause) }
    return causes.map { cause in
      let names = services.filter { $0.cause == cause }.map(\.service)
      return "\(names.joined(separator: ", ")) \(words(cause, isOne: names.count == 1))"
    }.joined(separator: ", ")
  }

  private static func words(_ cause: PendingService.Cause, isOne: Bool) -> String {
    let verb = isOne ? "is" : "are"
    return switch cause {
    case .starting: "\(verb) starting"
    case .restarting: "\(verb) restarting"
    case .notRunning: "\(verb) not running yet"
    case .settling(let duration): "must stay up for \(duration.text)"
    case .working: "\(verb) still working"
    }
  }
}
