/// A text that is no duration.
public struct InvalidDuration: Error, Equatable {
  public let what: String
  public let nextStep: String
}

extension Duration {
  /// Reads `90s`, `2m`, `1m30s`, `1h`: whole numbers, the larger unit first, each unit once. More than nothing and at
  /// most an hour: a longer wait is a mistake more often than a wish. Throws ``InvalidDuration``.
  public init(text: String) throws(InvalidDuration) {
    let units: [(letter: Character, seconds: Int)] = [("h", 3600), ("m", 60), ("s", 1)]
    var remaining = units[...]
    var total = 0
    var digits = ""
    for character in text {
      if let scalar = character.unicodeScalars.first, character.isASCII, scalar.isDigit, digits.count < 6 {
        digits.append(character)
      } else if let unit = remaining.firstIndex(where: { $0.letter == character }), let count = Int(digits) {
        total += count * units[unit].seconds
        remaining = units[(unit + 1)...]
        digits = ""
      } else {
        throw Self.refusal(of: text)
      }
    }
    guard digits.isEmpty, !text.isEmpty else { throw Self.refusal(of: text) }
    guard (1...3600).contains(total) else {
      throw InvalidDuration(
        what: "\(shown(text)) is not between a second and an hour",
        nextStep: "use a duration such as '2m', at most '1h'")
    }
    self = .seconds(total)
  }

  private static func refusal(of text: String) -> InvalidDuration {
    InvalidDuration(what: "\(shown(text)) is not a duration", nextStep: "use one like '90s', '2m' or '1m30s'")
  }

  /// The text that ``init(text:)`` reads, e.g. `1m30s`; fractions of a second are dropped.
  public var text: String {
    let seconds = components.seconds
    let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "m"), (seconds % 60, "s")]
    let written = parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    return written.isEmpty ? "0s" : written
  }
}
