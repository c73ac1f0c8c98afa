import Ledger
import Platform

/// The ledger's head on a target's host: read back before a deployment, left there after it.
struct AnchorRecorder: Sendable {
  let ledger: DeploymentLedger
  let target: Target
  let progress: @Sendable (Progress) -> Void

  /// A host that has seen a later event than this ledger holds, or another one in its place, tells that the ledger was
  /// rolled back, cut off or rewritten. Nothing may be decided from it then. A host that knows other ledgers only may be
  /// another operator's as well, so that is a warning.
  func refusal(by check: HostCheck) async -> DeployFailure? {
    guard let anchor = check.lastAnchor.flatMap(Anchor.init(line:)) else {
      if let foreign = check.foreignAnchor.flatMap(Anchor.init(line:)) {
        progress(
          .warning(
            "\(target.host) knows the ledger \(foreign.head.ledgerID), last at \(foreign.time), and not this one: either "
              + "another operator deploys there, or \(ledger.path) has replaced that ledger"))
      }
      return nil
    }
    do throws(LedgerError) {
      let seen = "\(target.host) has seen event \(anchor.head.seq) of it at \(anchor.time)"
      switch try await ledger.compare(anchor.head) {
      case .agrees, .replaced: return nil
      case .ahead:
        return .ledger(
          .damaged(path: ledger.path, reason: "\(seen), which is missing here: the ledger was rolled back"))
      case .differs:
        return .ledger(.damaged(path: ledger.path, reason: "\(seen), and another stands here: the ledger was forked"))
      }
    } catch {
      return .ledger(error)
    }
  }

  /// Leaves the head on the host, and records that it was left. The deployment is over by now, so nothing here fails it;
  /// nor is the shell needed any more, where this `isLast`.
  func leave(
    over session: RemoteSession, _ script: RemoteScript, after finished: Result<DeployResult, DeployFailure>?,
    isLast: Bool
  ) async {
    guard let head = try? await ledger.head() else { return }
    let answer = await session.call(script.anchor(Anchor(head: head, at: Date()).line, isLast: isLast))
    guard answer?.contains(.fact(name: "anchored", fields: [])) == true else {
      progress(.warning("the ledger's head could not be left on \(target.host) as an anchor"))
      return
    }
    // A ledger that did not take the end would only make this wait once more.
    guard case .success(let result) = finished, result.spool == nil else { return }
    do throws(LedgerError) {
      try await ledger.appendAnchored(deployment: result.deployment, target: target.name.value, head: head)
    } catch {
      progress(.warning("that the ledger's head was left on \(target.host) is not recorded: \(error.message)"))
    }
  }
}
