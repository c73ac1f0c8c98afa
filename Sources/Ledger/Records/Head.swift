/// The end of the chain. Kept outside the ledger, it is an anchor that shows a tail that was cut off.
public struct Head: Sendable, Equatable {
  public var seq: Int64
  /// 64 lower-case hexadecimal digits.
  public var hash: String
  /// The ledger's own id, a lower-case UUID.
  public var ledgerID: String

  public init(seq: Int64, hash: String, ledgerID: String) {
    self.seq = seq
    self.hash = hash
    self.ledgerID = ledgerID
  }
}

/// The end of the chain as the next event needs it.
struct Tail {
  var seq: Int64
  var hash: [UInt8]
  var at: Int64
}
