public import Ledger

/// What the deployments of one command share.
public struct DeploymentContext: Sendable {
  let hosts: HostConnector
  let secrets: SecretStore
  let ledger: DeploymentLedger
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void
  var time = TimeSource.system

  /// `progress` is told what happens on one target; several targets have a context each.
  public init(
    hosts: HostConnector, secrets: SecretStore, ledger: DeploymentLedger, stop: StopSignal,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.hosts = hosts
    self.secrets = secrets
    self.ledger = ledger
    self.stop = stop
    self.progress = progress
  }

  /// The same; what it is told of passes the redactor.
  func redacting(_ needles: NeedleSet) -> DeploymentContext {
    var context = DeploymentContext(
      hosts: hosts, secrets: secrets, ledger: ledger, stop: stop,
      progress: { [progress] in progress($0.redacted(needles)) })
    context.time = time
    return context
  }
}

extension DeploymentContext {
  /// Looks at a host until Docker has no stop in hand there, or the operator wants to stop.
  var settledHost: SettledHost {
    SettledHost(time: time, say: { [progress] in progress(.waiting($0)) }) { [stop] in stop.signal != nil }
  }
}
