public import Ledger

extension LedgerError: OperatorError {
  public var what: String { message }
  /// `nil`: the message already contains it.
  public var nextStep: String? { nil }
}
