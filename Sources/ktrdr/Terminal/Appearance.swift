import Deployer
import Platform

/// How text is shown to whoever reads it: all that pure functions need to know of a terminal.
struct Appearance: Sendable {
  /// The columns of the terminal; `nil` if the reader is a file or a program, which gets everything.
  var width: Int?
  var hasColors = false
  /// What the names of commits and images lead to; nothing where a link would only be noise.
  var links = Links()
  var signs = Signs.ascii
  /// What relative times are relative to.
  var now: Date
  var times = TimeStyle.utc
  /// Seconds east of UTC at a moment, where the reader is.
  var utcOffset: @Sendable (Date) -> Int = { _ in 0 }

  /// Whether a person reads it on a terminal.
  var isTerminal: Bool { width != nil }

  func painted(_ text: String, _ color: Color?) -> String {
    guard hasColors, let color, !text.isEmpty else { return text }
    return "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m"
  }
}

/// The colours in use, with their codes in ECMA-48.
enum Color: String, Sendable {
  case bold = "1"
  case red = "31"
  case green = "32"
  case yellow = "33"
}

/// How times are shown in text.
enum TimeStyle: String, CaseIterable, Sendable {
  case relative, utc, local
}
