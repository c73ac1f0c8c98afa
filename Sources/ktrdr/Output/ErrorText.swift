import Deployer
import Platform

/// Renders errors as the lines that ``Console/failure(_:)`` prints. The only place that knows how an error looks.
enum ErrorText {
  /// What failed, then the details and the next step, indented.
  static func lines(_ what: String, details: [String] = [], next: String?) -> [String] {
    // A line that began with a space would pass for a detail.
    what.byteLines.map { String($0.drop { $0 == " " || $0 == "\t" }) }.filter { !$0.isEmpty }
      + details.map { "  \($0)" } + (next.map { ["  next: \($0)"] } ?? [])
  }
}

extension OperatorError {
  var lines: [String] { ErrorText.lines(what, next: nextStep) }
}
