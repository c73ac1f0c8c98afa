import Ledger

extension Deployer {
  /// Events keep their order whatever a clock says, so a clock that went back is told and stops nothing.
  func warnOfClock() async throws(DeployFailure) {
    do throws(LedgerError) {
      guard let lag = try await ledger.clockLag() else { return }
      progress(
        .warning(
          "this machine's clock is \(Duration.milliseconds(lag).seconds) s behind the ledger's newest event: the times of what "
            + "is recorded now will be wrong, its order will not; check the clock"))
    } catch {
      throw .ledger(error)
    }
  }
}

extension Duration {
  /// Whole seconds, rounded up.
  fileprivate var seconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
