import Ledger

/// What the ledger knows that a rollback of one target is decided from.
struct RollbackRecords: Sendable {
  let ledger: DeploymentLedger
  let target: String

  /// The newest deployment that changed an image, with the services whose image it changed. One that died while the
  /// host was changing counts with all that it covered.
  func newestChange() async throws(LedgerError) -> (deployment: Deployment, services: [String])? {
    var limit = Self.firstLook
    while true {
      let history = try await ledger.history(HistoryFilter(target: target, limit: limit))
      for deployment in history.dropFirst(limit == Self.firstLook ? 0 : Self.firstLook) {
        if let services = try await changed(by: deployment) { return (deployment, services) }
      }
      guard history.count == limit else { return nil }
      limit *= 16
    }
  }

  /// The newest deployment that changed one of `services`.
  func newestChange(of services: [String]) async throws(LedgerError) -> Deployment? {
    var newest: Deployment?
    for service in services {
      let change = try await history(of: service).first { $0.after != nil && $0.before?.id != $0.after?.id }
      guard let change else { continue }
      if change.deployment.id > newest?.id ?? 0 { newest = change.deployment }
    }
    return newest
  }

  /// Every finished deployment that recorded an image of `service`, newest first.
  func history(of service: String) async throws(LedgerError) -> [LastGood.Past] {
    try await ledger.goodHistory(target: target, service: service, limit: Self.historyLimit).map { deployment, image in
      LastGood.Past(deployment: deployment, before: image.before, after: image.after)
    }
  }

  /// The image that `service` last ran under `tag`; one that succeeded comes before any other.
  func image(of service: String, tag: ImageTag) async throws(LedgerError) -> (ImageIdentity, Deployment)? {
    let ran = try await history(of: service).filter { past in
      past.after.map { ImageName($0.reference).tag == tag.value } ?? false
    }
    let best = ran.first { $0.deployment.outcome == .succeeded } ?? ran.first
    return best.flatMap { past in past.after.map { ($0, past.deployment) } }
  }

  /// How many deployments are read at first; a change is nearly always among them.
  private static let firstLook = 16
  /// The most deployments of one service that a choice looks at.
  private static let historyLimit = 10_000

  private func changed(by deployment: Deployment) async throws(LedgerError) -> [String]? {
    let images = try await ledger.images(of: deployment.id)
    let services = images.filter { $0.after != nil && $0.before?.id != $0.after?.id }.map(\.service)
    if !services.isEmpty { return services.sorted() }
    guard images.isEmpty, try await ledger.steps(of: deployment.id).contains(where: { $0.name == StepName.changing })
    else { return nil }
    return deployment.start.services
  }
}
