/// An error that an operator can act on.
public protocol OperatorError: Error {
  /// What failed: the thing first, then what is wrong with it. No trailing period.
  var what: String { get }
  /// What to do about it; `nil` if there is nothing to do, or if ``what`` already says it.
  var nextStep: String? { get }
}

extension OperatorError {
  /// The error on one line, e.g. `unknown key 'hots': did you mean 'host'?`. A semicolon separates the next step if
  /// ``what`` has a colon of its own.
  public var oneLine: String {
    guard let nextStep else { return what }
    return what.contains(": ") ? "\(what); \(nextStep)" : "\(what): \(nextStep)"
  }
}
