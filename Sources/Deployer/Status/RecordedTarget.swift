public import Ledger
public import Platform

/// What ran on a target at an earlier moment, by the ledger alone: no host was asked.
public struct RecordedTarget: Sendable, Equatable {
  public var target: Target
  /// In the order of their names, without those that a deployment had taken away.
  public var services: [RecordedService]
  /// Whether any deployment had started by then.
  public var hasDeployment: Bool

  /// `recorded` is what ``DeploymentLedger/newestRecorded(of:at:)`` has of it.
  init(_ target: Target, _ recorded: [(Deployment, ImageRecord)], hasDeployment: Bool) {
    self.target = target
    self.hasDeployment = hasDeployment
    services = recorded.compactMap { RecordedService($0, $1) }.sorted { $0.service < $1.service }
  }

  /// The targets in their order.
  public static func read(
    _ targets: [Target], at moment: Date, in ledger: DeploymentLedger
  ) async throws(LedgerError) -> [RecordedTarget] {
    var found: [RecordedTarget] = []
    for target in targets {
      let name = target.name.value
      let recorded = try await ledger.newestRecorded(of: name, at: moment)
      let first = try await ledger.history(HistoryFilter(target: name, until: moment, limit: 1))
      found.append(RecordedTarget(target, recorded, hasDeployment: !first.isEmpty))
    }
    return found
  }
}

/// One service of a target at an earlier moment.
public struct RecordedService: Sendable, Equatable {
  public enum State: String, Sendable {
    case ran
    /// A deployment that did not succeed left no container.
    case noContainer = "no container"
    /// The last deployment that was about to change it had not ended, or nobody saw its end.
    case unknown
  }

  public var service: String
  /// The last one that was about to change it, as it was then: without an outcome if it had not ended.
  public var deployment: Deployment
  public var state: State
  /// What ran, if that is known.
  public var image: ExpectedImage?

  /// `nil` for a service that a deployment had taken away.
  init?(_ deployment: Deployment, _ record: ImageRecord) {
    (service, self.deployment) = (record.service, deployment)
    guard deployment.isEndSeen else {
      state = .unknown
      return
    }
    image = ExpectedImage(deployment, record)
    guard image != nil || deployment.outcome != .succeeded else { return nil }
    state = image == nil ? .noContainer : .ran
  }
}
