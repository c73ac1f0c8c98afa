import Ledger
import Platform

/// The ledger's head on a target's host: compared before a deployment, left there after it.
struct AnchorRecorder: Sendable {
  let ledger: DeploymentLedger
  let target: Target
  let progress: @Sendable (Progress) -> Void

  /// Why this ledger must not be deployed from, after a warning where the host knows another one.
  func refusal(by check: HostCheck) async -> DeployFailure? {
    let testimony = HostTestimony(ledger: ledger, host: target.host)
    if let warning = testimony.warning(by: check) { progress(.warning(warning)) }
    do throws(LedgerError) {
      return try await testimony.damage(by: check).map(DeployFailure.ledger)
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
