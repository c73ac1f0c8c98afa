import ArgumentParser
import Platform

/// Parses times on the command line. Days are those of UTC.
enum TimeArgument {
  /// A day, `today`, `yesterday`, an RFC 3339 time, also as `ktrdr` prints it (`2026-11-24 10:17:03Z`) or without seconds, or an
  /// age: a number and `m`, `h`, `d` or `w`. A day is its first moment, or its last if `endOfDay`.
  static func parse(_ text: String, endOfDay: Bool, now: Date = Date()) throws -> Date {
    if let days = ["today": 0, "yesterday": 1][text] {
      let day = now.addingTimeInterval(-86_400 * Double(days)).formatted(.iso8601).prefix(10)
      return try parse(String(day), endOfDay: endOfDay)
    }
    if let unit = text.last, let count = Int(text.dropLast()), count >= 0,
      let seconds = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800][String(unit)]
    {
      return now.addingTimeInterval(-Double(count) * Double(seconds))
    }
    if let moment = try moment(text) { return moment }
    if let day = day(text[...]) {
      return endOfDay ? day.addingTimeInterval(86_399.999) : day
    }
    throw ValidationError(
      "invalid time '\(text)': use a value like 2026-11-01, 2026-11-01T14:30:00Z, yesterday, 90m or 7d")
  }

  /// A day and a time; `nil` if the text is something else. Whose clock shows it has to be said: nobody could tell afterwards which
  /// one was meant.
  private static func moment(_ text: String) throws -> Date? {
    let parts =
      /(?<day>\d{4}-\d\d-\d\d[T ])?(?<minute>(?:[01]\d|2[0-3]):[0-5]\d)(?<second>:[0-5]\d)?(?<part>\.\d+)?(?<zone>Z|[+-]\d\d:\d\d)?/
    guard let found = text.wholeMatch(of: parts)?.output else { return nil }
    guard let day = found.day?.prefix(10), let zone = found.zone else {
      let missing = [found.day == nil ? "the day" : nil, found.zone == nil ? "the time zone" : nil].compactMap(\.self)
      throw ValidationError(
        "'\(text)' lacks \(missing.joined(separator: " and ")): write it like 2026-11-01T14:30Z for UTC, "
          + "or with an offset like +01:00 in place of Z")
    }
    guard self.day(day) != nil else { return nil }
    let rfc = "\(day)T\(found.minute)\(found.second ?? ":00")\(found.part ?? "")\(zone)"
    return (try? Date(rfc, strategy: .iso8601))
      ?? (try? Date(rfc, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }

  /// The first moment of a day; `nil` for one that is in no calendar, which the library takes for a day of the next month.
  private static func day(_ text: Substring) -> Date? {
    guard let day = try? Date("\(text)T00:00:00Z", strategy: .iso8601), day.rfc3339.prefix(10) == text else {
      return nil
    }
    return day
  }
}
