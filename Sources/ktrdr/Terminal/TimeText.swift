import Platform

/// Moments as text, in the style that the operator chose.
enum TimeText {
  /// For people: `2m ago`, `2026-11-24 10:17:03Z` or `2026-11-24 11:17:03+01:00`.
  static func of(_ date: Date, in appearance: Appearance) -> String {
    switch appearance.times {
    case .relative: relative(date, to: appearance.now)
    case .utc: short(date)
    case .local: short(date, offset: appearance.utcOffset(date))
    }
  }

  /// For programs: RFC 3339, unless the operator asked for relative times.
  static func exact(_ date: Date, in appearance: Appearance) -> String {
    switch appearance.times {
    case .relative: return relative(date, to: appearance.now)
    case .utc: return date.rfc3339
    case .local:
      let offset = appearance.utcOffset(date)
      return shifted(date, by: offset).dropLast() + zone(offset)
    }
  }

  /// `2026-11-24 10:17:03Z`; with an offset in seconds east of UTC, the time there.
  static func short(_ date: Date, offset: Int? = nil) -> String {
    let text = shifted(date, by: offset ?? 0)
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))" + (offset.map(zone) ?? "Z")
  }

  /// How long ago in the largest unit that fits, after eight weeks the day. A clock that is a little behind makes no future.
  static func relative(_ date: Date, to now: Date) -> String {
    let seconds = Int(now.timeIntervalSince(date).rounded())
    return switch seconds {
    case -5..<1: "now"
    case 1..<(56 * 86_400): "\(age(seconds)) ago"
    case ..<0: short(date)
    default: String(date.rfc3339.prefix(10))
    }
  }

  /// `45s`, `2m`, `3h`, `13d`, `7w`.
  static func age(_ seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(seconds)s"
    case ..<3600: "\(seconds / 60)m"
    case ..<86_400: "\(seconds / 3600)h"
    case ..<(14 * 86_400): "\(seconds / 86_400)d"
    default: "\(seconds / (7 * 86_400))w"
    }
  }

  /// How long something took: `1.4s`, `2m05s`, `1h02m`.
  static func took(_ milliseconds: Int64) -> String {
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let seconds = milliseconds / 1000
    return switch seconds {
    case ..<60: HistoryText.seconds(milliseconds)
    case ..<3600: "\(seconds / 60)m\(two(seconds % 60))s"
    default: "\(seconds / 3600)h\(two(seconds / 60 % 60))m"
    }
  }

  private static func shifted(_ date: Date, by offset: Int) -> String {
    date.addingTimeInterval(Double(offset)).rfc3339
  }

  /// `+01:00`.
  private static func zone(_ offset: Int) -> String {
    let minutes = abs(offset) / 60
    let digits = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return (offset < 0 ? "-" : "+") + digits.joined(separator: ":")
  }
}
