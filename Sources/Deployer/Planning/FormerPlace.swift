import Ledger

extension DeploymentLedger {
  /// The newest deployment of a target before `id` that succeeded, if it is among the last sixty-four.
  func lastSucceeded(on target: String, before id: Int64) throws(LedgerError) -> [Deployment] {
    let earlier = try history(HistoryFilter(target: target, limit: 64)).filter {
      $0.id < id && $0.outcome == .succeeded
    }
    return Array(earlier.prefix(1))
  }

  /// That the newest deployment of `target` went to another host or directory than the inventory's; `nil` if it did not.
  func formerPlace(of target: Target) throws(LedgerError) -> String? {
    guard let newest = try history(HistoryFilter(target: target.name.value, limit: 1)).first else { return nil }
    let (host, directory) = (newest.start.host, newest.start.directory ?? target.directory)
    guard host != target.host.value || directory != target.directory else { return nil }
    return "deployment \(newest.id) of \(target.name) went to \(directory) on \(host), and nothing of it runs in "
      + "\(target.directory) on \(target.host): containers and volumes do not move with it"
  }
}
