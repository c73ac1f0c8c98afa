import Platform

/// What a file descriptor is connected to. The only place that knows real terminals; everything else gets an ``Appearance``.
struct Terminal {
  let descriptor: Int32
  let environment: [String: String]

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// `times` is what the operator asked for: relative times are for people, and a time in a file has to last.
  func appearance(colors choice: ColorChoice, times: TimeStyle? = nil) -> Appearance {
    let isTerminal = isTerminal
    return Appearance(
      width: isTerminal ? width : nil,
      hasColors: Self.hasColors(choice, isTerminal: isTerminal, environment),
      signs: Self.isUTF8(environment) ? .unicode : .ascii, now: Date(), times: times ?? (isTerminal ? .relative : .utc),
      utcOffset: Self.utcOffset)
  }

  /// The columns, now: a terminal can be resized.
  var width: Int { Self.width(reported: reportedSize.map { Int($0.ws_col) }, environment) }

  /// The rows, now. A terminal that does not know them counts as one of 24.
  var height: Int { reportedSize.map { Int($0.ws_row) }.flatMap { $0 > 0 ? $0 : nil } ?? 24 }

  /// `nil` if it is no terminal.
  private var reportedSize: winsize? {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }

  /// False for a job that the shell has put into the background.
  var isInForeground: Bool {
    let group = tcgetpgrp(descriptor)
    return group == -1 || group == getpgrp()
  }

  func write(_ text: String) { Console.write(text, to: descriptor) }

  /// Whether text on it can be replaced by other text. A terminal without a name may not know how.
  static func canRedraw(isTerminal: Bool, _ environment: [String: String]) -> Bool {
    isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// A terminal that reports 0 columns, as those of some CI systems do, does not know its width.
  static func width(reported: Int?, _ environment: [String: String]) -> Int {
    [reported, environment["COLUMNS"].flatMap { Int($0) }].compactMap(\.self).first { $0 > 0 } ?? 80
  }

  /// `--color` decides; then NO_COLOR (https://no-color.org), then CLICOLOR_FORCE (https://bixense.com/clicolors); then colours
  /// are for terminals that can show them.
  static func hasColors(_ choice: ColorChoice, isTerminal: Bool, _ environment: [String: String]) -> Bool {
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    switch choice {
    case .always: return true
    case .never: return false
    case .auto where isSet("NO_COLOR"): return false
    case .auto where isSet("CLICOLOR_FORCE") && environment["CLICOLOR_FORCE"] != "0": return true
    case .auto: return isTerminal && environment["TERM"] != "dumb"
    }
  }

  /// Whether names can be links: on a terminal that is not told to do without colours. Those that know no links pass over them,
  /// but for the console of Linux, which nobody can click in either.
  static func hasLinks(_ choice: ColorChoice, isTerminal: Bool, _ environment: [String: String]) -> Bool {
    let isPlain = choice == .never || (choice == .auto && !(environment["NO_COLOR"] ?? "").isEmpty)
    return canRedraw(isTerminal: isTerminal, environment) && environment["TERM"] != "linux" && !isPlain
  }

  /// Whether the locale's characters are UTF-8: of the variables that can say so, the first that is set decides, as in POSIX.
  static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    return ["UTF-8", "UTF8"].contains { locale.uppercased().contains($0) }
  }

  private static let utcOffset: @Sendable (Date) -> Int = { date in
    var seconds = time_t(date.timeIntervalSince1970)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return 0 }
    return Int(local.tm_gmtoff)
  }
}
