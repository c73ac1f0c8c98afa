import Ledger

extension DeploymentLedger {
  /// That what is on record of the target's place is not what one looks for there: its containers were left elsewhere, or its
  /// deployments have another name. `nil` if neither is so. `isEmpty` tells that the target has no container there, and `anchor` is the
  /// last that this ledger has left there.
  func past(of target: Target, isEmpty: Bool, anchor: String?) throws(LedgerError) -> String? {
    if let place = try formerPlace(of: target, isEmpty: isEmpty, anchor: anchor.flatMap(Anchor.init(line:))) {
      return place
    }
    return try formerName(of: target)
  }

  /// That the last deployments of the target's directory have another target's name, and none has its own.
  private func formerName(of target: Target) throws(LedgerError) -> String? {
    guard try history(HistoryFilter(target: target.name.value, limit: 1)).isEmpty else { return nil }
    let there = try history(HistoryFilter(host: target.host.value, limit: 100))
    guard let newest = there.first(where: { $0.start.directory == target.directory }) else { return nil }
    return
      "nothing of \(target.directory) on \(target.host) is recorded as \(target.name); deployment \(newest.id) went there as "
      + "\(newest.start.target): if the target has a new name, its past is under the old one"
  }

  /// That the newest deployment of `target` went to another host or directory than the inventory's; `nil` if it did not. A host may have
  /// another name, and a directory be moved, so a deployment that left its anchor there counts, and one whose containers are there.
  private func formerPlace(of target: Target, isEmpty: Bool, anchor: Anchor?) throws(LedgerError) -> String? {
    guard let newest = try history(HistoryFilter(target: target.name.value, limit: 1)).first else { return nil }
    let (host, directory) = (newest.start.host, newest.start.directory ?? target.directory)
    guard host != target.host.value || directory != target.directory else { return nil }
    guard isEmpty else {
      guard let anchor, anchor.head.seq < (try firstEvent(of: newest.id) ?? 0) else { return nil }
      return
        "deployment \(newest.id) of \(target.name) went to \(directory) on \(host); what runs in \(target.directory) on "
        + "\(target.host) is from an earlier one"
    }
    return "deployment \(newest.id) of \(target.name) went to \(directory) on \(host), and nothing of it runs in "
      + "\(target.directory) on \(target.host): containers and volumes do not move with it"
  }
}
