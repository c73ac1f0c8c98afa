import Ledger
import Platform

/// Leaves the ledger's head on a target's host.
struct AnchorRecorder: Sendable {
  let ledger: DeploymentLedger
  let target: Target
  let progress: @Sendable (Progress) -> Void

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
