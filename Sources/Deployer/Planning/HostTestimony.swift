import Ledger

/// What the anchors on a target's host say of a ledger: what it lacks, and whether it is the one that was deployed with.
struct HostTestimony: Sendable {
  let ledger: DeploymentLedger
  let host: HostName

  /// What stands for the id of a ledger that is not there yet.
  static let noLedger = "none"

  /// That the host knows a ledger, where there is none here yet.
  static func warning(by check: HostCheck, host: HostName) -> String? {
    check.foreignAnchor.flatMap(Anchor.init(line:)).map { foreign in
      "\(host) knows the ledger \(foreign.head.ledgerID), last written at \(foreign.time), but there is none here yet: "
        + "another operator deploys there"
    }
  }

  /// Whether another ledger has the last deployment there.
  func isOfAnother(_ check: HostCheck) -> Bool { check.foreignAnchor.flatMap(Anchor.init(line:)) != nil }

  /// That the host knows other ledgers, which may simply be another operator's.
  func warning(by check: HostCheck) -> String? {
    guard let foreign = check.foreignAnchor.flatMap(Anchor.init(line:)) else { return nil }
    guard check.lastAnchor.flatMap(Anchor.init(line:)) != nil else {
      return "\(host) knows the ledger \(foreign.head.ledgerID), last written at \(foreign.time), but not this one: "
        + "either another operator deploys there, or \(ledger.path) has replaced that ledger"
    }
    return "\(host) was last deployed to with another ledger, \(foreign.head.ledgerID), at \(foreign.time): "
      + "what that one recorded is not in this one"
  }

  /// That the host has seen a later event than this ledger holds, or another one in its place: the ledger was rolled back, cut
  /// off or rewritten. Or that it cannot be read.
  func damage(by check: HostCheck) async -> LedgerError? {
    guard let anchor = check.lastAnchor.flatMap(Anchor.init(line:)) else { return nil }
    let seen = "\(host) saw its event \(anchor.head.seq) at \(anchor.time)"
    do throws(LedgerError) {
      switch try await ledger.compare(anchor.head) {
      case .agrees, .replaced: return nil
      case .ahead:
        return .damaged(path: ledger.path, reason: "\(seen), which is missing here: the ledger was rolled back")
      case .differs:
        return .damaged(path: ledger.path, reason: "\(seen), which differs here: the ledger was forked")
      }
    } catch {
      return error
    }
  }
}
