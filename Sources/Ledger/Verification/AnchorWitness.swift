/// One head that a target's host has stored, compared with a ledger.
public struct AnchorWitness: Sendable, Equatable {
  public var target: String
  public var anchor: Anchor
  public var verdict: AnchorVerdict

  public init(target: String, anchor: Anchor, verdict: AnchorVerdict) {
    self.target = target
    self.anchor = anchor
    self.verdict = verdict
  }
}

extension AnchorWitness {
  /// What all heads together prove to be wrong. It names the first event that differs as exactly as they allow; `nil` if no
  /// head contradicts the ledger. A head that agrees proves every event up to it, because each hash covers the one before.
  public static func contradiction(among witnesses: [AnchorWitness]) -> Verification.Problem? {
    let contradicting = witnesses.filter { $0.verdict == .differs || $0.verdict == .ahead }
    guard let first = contradicting.min(by: { $0.anchor.head.seq < $1.anchor.head.seq }) else { return nil }
    let agreeing = witnesses.filter { $0.verdict == .agrees }.map(\.anchor.head.seq)
    let seq = first.anchor.head.seq
    let seen = "event \(seq) as the host of \(first.target) saw it at \(first.anchor.time)"
    if let later = agreeing.filter({ $0 > seq }).max() {
      return .init(
        seq: seq, what: "\(seen) is not in the ledger, but event \(later) agrees: the line on that host was changed")
    }
    let proven = agreeing.max() ?? 0
    if first.verdict == .ahead {
      return .init(seq: nil, what: "\(seen) is missing: the ledger was rolled back, or its end was removed")
    }
    guard proven + 1 < seq else {
      return .init(seq: seq, what: "the first event that differs: \(seen) was a different one")
    }
    let known = proven > 0 ? "event \(proven) still agrees" : "no earlier event is known to agree"
    return .init(
      seq: proven + 1,
      what: "\(seen) was a different one, and \(known): the first event that differs is one of \(proven + 1) to \(seq)")
  }
}
