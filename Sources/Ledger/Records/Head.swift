/// The end of the chain. A copy outside the ledger is an anchor: it shows whether later events were removed.
public struct Head: Sendable, Equatable {
  public var seq: Int64
  /// 64 lower-case hexadecimal digits.
  public var hash: String
  /// The ledger's id, a lower-case UUID.
  public var ledgerID: String

  public init(seq: Int64, hash: String, ledgerID: String) {
    self.seq = seq
    self.hash = hash
    self.ledgerID = ledgerID
  }
}

/// What the next event needs to know about the end of the chain.
struct Tail {
  var seq: Int64
  var hash: [UInt8]
  var at: Int64
}
