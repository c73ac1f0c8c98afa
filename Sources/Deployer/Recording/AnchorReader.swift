/// Reads back the heads of the ledger that deployments left on the hosts.
public struct AnchorReader: Sendable {
  private let hosts: HostConnector

  public init(hosts: HostConnector) {
    self.hosts = hosts
  }

  /// Asks the hosts of all targets side by side about the ledger with this id; `nil` if the host, or the file on it,
  /// could not be read.
  public func read(_ targets: [Target], ledger: String) async -> [(Target, KeptAnchors?)] {
    await withTaskGroup(of: (Int, KeptAnchors?).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask { (index, await kept(on: target, ledger: ledger)) }
      }
      var found: [(Target, KeptAnchors?)] = targets.map { ($0, nil) }
      for await (index, kept) in group { found[index].1 = kept }
      return found
    }
  }

  private func kept(on target: Target, ledger: String) async -> KeptAnchors? {
    let answer = try? await hosts.withHost(of: target) { host in try? await host.anchors(ledger) }
    return answer?.value
  }
}
