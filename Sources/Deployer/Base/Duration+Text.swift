/// Text that is not a valid duration.
public struct InvalidDuration: OperatorError, Equatable {
  public let what: String
  public var nextStep: String? { "use a value like 90s or 2m" }
}

extension Duration {
  /// Parses `90s`, `2m`, `1m30s` or `1h`: whole numbers, each unit at most once, larger units first. The total must be
  /// between `minimum` seconds and one hour, since a longer wait is more likely a typo. Throws ``InvalidDuration``.
  public init(text: String, from minimum: Int = 1) throws(InvalidDuration) {
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
        throw InvalidDuration(what: "invalid duration \(quoted(text))")
      }
    }
    guard digits.isEmpty, !text.isEmpty else { throw InvalidDuration(what: "invalid duration \(quoted(text))") }
    guard (minimum...3600).contains(total) else {
      throw InvalidDuration(what: "invalid duration \(quoted(text)): must be between \(minimum)s and 1h")
    }
    self = .seconds(total)
  }

  /// The text that ``init(text:)`` parses, e.g. `1m30s`. Fractions of a second are dropped.
  public var text: String {
    let seconds = components.seconds
    let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "m"), (seconds % 60, "s")]
    let written = parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    return written.isEmpty ? "0s" : written
  }
}
