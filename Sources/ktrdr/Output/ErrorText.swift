import Deployer

/// Renders errors as the lines that ``Console/failure(_:)`` prints. The only place that knows how an error looks.
enum ErrorText {
  /// What failed, then the details and the next step, indented.
  static func lines(_ what: String, details: [String] = [], next: String?) -> [String] {
    what.split(separator: "\n").map(String.init) + details.map { "  \($0)" } + (next.map { ["  next: \($0)"] } ?? [])
  }
}

extension OperatorError {
  var lines: [String] { ErrorText.lines(what, next: nextStep) }
}
