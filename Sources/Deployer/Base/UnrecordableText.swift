import Platform

/// Text that ktrdr would record of itself, with a character that steers a terminal or separates lines.
public struct UnrecordableText: OperatorError, Equatable {
  public let what: String
  public var nextStep: String? {
    "write it on one line, without control characters and marks for the direction of writing"
  }

  /// Returns `text` if it may be recorded. `origin` is where it comes from.
  public static func check(_ text: String, from origin: String) throws(UnrecordableText) -> String {
    guard text.unicodeScalars.contains(where: \.steersOutput) else { return text }
    throw UnrecordableText(what: "\(origin) has an invisible character: \(quoted(text))")
  }
}
