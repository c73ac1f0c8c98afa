import Ledger

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The ledger's head, left on a host after a deployment: a ledger that was cut off or rewritten no longer agrees with it.
struct Anchor: Sendable, Equatable {
  var head: Head

  /// `ktrdr-anchor/v1 LEDGER SEQ HASH TIME`.
  var line: String {
    "ktrdr-anchor/v1 \(head.ledgerID) \(head.seq) \(head.hash) \(Date.now.formatted(.iso8601))"
  }

  init(head: Head) { self.head = head }

  /// Reads a line that an earlier deployment left; `nil` for anything else.
  init?(line: String) {
    let fields = line.split(separator: " ").map(String.init)
    guard fields.count == 5, fields[0] == "ktrdr-anchor/v1", let seq = Int64(fields[2]) else { return nil }
    head = Head(seq: seq, hash: fields[3], ledgerID: fields[1])
  }
}
