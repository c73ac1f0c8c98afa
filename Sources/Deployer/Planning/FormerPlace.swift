import Ledger

extension DeploymentLedger {
  /// That the newest deployment of `target` went to another host or directory than the inventory's; `nil` if it did not.
  func formerPlace(of target: Target) throws(LedgerError) -> String? {
    guard let newest = try history(HistoryFilter(target: target.name.value, limit: 1)).first else { return nil }
    let (host, directory) = (newest.start.host, newest.start.directory ?? target.directory)
    guard host != target.host.value || directory != target.directory else { return nil }
    return "deployment \(newest.id) of \(target.name) went to \(directory) on \(host), and nothing of it runs in "
      + "\(target.directory) on \(target.host): containers and volumes do not move with it"
  }
}
