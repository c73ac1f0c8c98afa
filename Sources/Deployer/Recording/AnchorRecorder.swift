import Ledger
import Platform

/// The ledger's head on a target's host: compared before a deployment, left there after it.
struct AnchorRecorder: Sendable {
  let ledger: DeploymentLedger
  let target: Target
  let progress: @Sendable (Progress) -> Void

  /// Why this ledger must not be deployed from. A host that has seen a later event than this ledger holds, or another one
  /// in its place, shows that the ledger was rolled back, cut off or rewritten. A host that knows other ledgers may simply be
  /// another operator's as well, so that is a warning.
  func refusal(by check: HostCheck) async -> DeployFailure? {
    let foreign = check.foreignAnchor.flatMap(Anchor.init(line:))
    guard let anchor = check.lastAnchor.flatMap(Anchor.init(line:)) else {
      if let foreign {
        progress(
          .warning(
            "\(target.host) knows the ledger \(foreign.head.ledgerID), last written at \(foreign.time), but not this one: "
              + "either another operator deploys there, or \(ledger.path) has replaced that ledger"))
      }
      return nil
    }
    if let foreign {
      progress(
        .warning(
          "\(target.host) was last deployed to with another ledger, \(foreign.head.ledgerID), at \(foreign.time): "
            + "what that one recorded is not in this one"))
    }
    do throws(LedgerError) {
      let seen = "\(target.host) saw its event \(anchor.head.seq) at \(anchor.time)"
      switch try await ledger.compare(anchor.head) {
      case .agrees, .replaced: return nil
      case .ahead:
        return .ledger(
          .damaged(path: ledger.path, reason: "\(seen), which is missing here: the ledger was rolled back"))
      case .differs:
        return .ledger(.damaged(path: ledger.path, reason: "\(seen), which differs here: the ledger was forked"))
      }
    } catch {
      return .ledger(error)
    }
  }

  /// Leaves the head on the host after a deployment, and records that. The deployment is over by now, so nothing here
  /// fails it. If it `isLast`, nothing further is sent over the connection.
  func leave(on host: RemoteHost, after deployment: Int64, records: Bool, isLast: Bool) async {
    guard let head = try? await ledger.head() else { return }
    do throws(HostError) {
      try await host.leaveAnchor(Anchor(head: head, at: Date()).line, isLast)
    } catch {
      progress(.warning("could not leave the ledger's head on \(target.host) as an anchor"))
      return
    }
    guard records else { return }
    do throws(LedgerError) {
      try await ledger.appendAnchored(deployment: deployment, target: target.name.value, head: head)
    } catch {
      progress(.warning("could not record the anchor left on \(target.host): \(error.message)"))
    }
  }
}
