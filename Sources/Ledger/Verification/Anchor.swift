public import Platform

/// A ledger's head as it is stored on a target's host: one line for each deployment.
public struct Anchor: Sendable, Equatable {
  public var head: Head
  public var at: Date

  public init(head: Head, at: Date) {
    self.head = head
    self.at = at
  }

  /// `ktrdr-anchor/1 LEDGER SEQ HASH TIME`, without the newline.
  public var line: String {
    "ktrdr-anchor/1 \(head.ledgerID) \(head.seq) \(head.hash) \(time)"
  }

  /// RFC 3339, UTC.
  public var time: String { at.formatted(.iso8601) }

  /// `nil` if the line is not an anchor, for example because a full disk cut it short.
  public init?(line: String) {
    // By bytes: to Swift, a space with a combining mark after it is another character than a space.
    let separators = [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    let words = line.utf8.split(whereSeparator: separators.contains).map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 5, words[0].utf8.elementsEqual("ktrdr-anchor/1".utf8),
      UInt128(uuid: Array(words[1].utf8)) != nil, words[2].utf8.allSatisfy(StoredText.isDigit),
      let seq = Int64(words[2]), seq > 0, let hash = Hex.bytes(words[3]), hash.count == 32,
      let at = try? Date(words[4], strategy: .iso8601)
    else { return nil }
    self.init(head: Head(seq: seq, hash: words[3], ledgerID: words[1]), at: at)
  }
}

/// How a head that was stored outside the ledger compares with it.
public enum AnchorVerdict: String, Sendable {
  /// The ledger contains exactly this event.
  case agrees
  /// The event is later than the ledger's last: the ledger was rolled back, or its end was removed.
  case ahead
  /// The ledger has a different event there: it was forked or rewritten.
  case differs
  /// The head belongs to another ledger: this one replaced it.
  case replaced
}

extension DeploymentLedger {
  /// Compares the heads that hosts have stored with this ledger. The result has their order.
  public func compare(_ kept: [(target: String, anchor: Anchor)]) throws(LedgerError) -> [AnchorWitness] {
    var witnesses: [AnchorWitness] = []
    for (target, anchor) in kept {
      witnesses.append(AnchorWitness(target: target, anchor: anchor, verdict: try compare(anchor.head)))
    }
    return witnesses
  }

  /// Compares a head that was stored outside with this ledger.
  public func compare(_ head: Head) throws(LedgerError) -> AnchorVerdict {
    guard head.ledgerID == id else { return .replaced }
    let stored = try readRemains { (database) throws(SQLiteError) in
      try database.rows("SELECT hash FROM event WHERE seq = ? AND seq >= 1", [.integer(head.seq)]) { $0.blob(0) ?? [] }
        .first
    }
    guard let stored else { return .ahead }
    return Hex.text(stored) == head.hash ? .agrees : .differs
  }
}
