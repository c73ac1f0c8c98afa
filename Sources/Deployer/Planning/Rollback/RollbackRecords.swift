import Ledger

/// What the ledger knows that a rollback of one target is decided from.
struct RollbackRecords: Sendable {
  let ledger: DeploymentLedger
  let target: String

  /// A deployment that changed something.
  struct Change: Sendable {
    var deployment: Deployment
    /// The services whose image it changed.
    var services: [String]
    /// False for one that died while the host was changing: it recorded no images, and counts with all that it covered.
    var hasImages: Bool
  }

  /// The newest deployment that changed an image, with the services whose image it changed. One that died while the
  /// host was changing counts with all that it covered.
  func newestChange() async throws(LedgerError) -> Change? {
    var limit = Self.firstPage
    while true {
      let history = try await ledger.history(HistoryFilter(target: target, limit: limit))
      for deployment in history.dropFirst(limit == Self.firstPage ? 0 : Self.firstPage) {
        if let change = try await change(by: deployment) { return change }
      }
      guard history.count == limit else { return nil }
      limit *= 16
    }
  }

  /// The newest deployment that changed one of `services` to the image that it runs now.
  func newestChange(of services: [String], to running: Observation) async throws(LedgerError) -> Deployment? {
    var newest: Deployment?
    for service in services {
      let change = try await history(of: service).first { $0.after != nil && $0.before?.id != $0.after?.id }
      guard let change, change.after?.id == running.image(of: service)?.id else { continue }
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
  private static let firstPage = 16
  /// The most deployments of one service that a choice takes into account.
  private static let historyLimit = 10_000

  private func change(by deployment: Deployment) async throws(LedgerError) -> Change? {
    let images = try await ledger.images(of: deployment.id)
    let services = images.filter { $0.after != nil && $0.before?.id != $0.after?.id }.map(\.service)
    if !services.isEmpty { return Change(deployment: deployment, services: services.sorted(), hasImages: true) }
    let steps = try await ledger.steps(of: deployment.id)
    guard images.isEmpty, steps.contains(where: { $0.name == StepName.changing.rawValue }) else { return nil }
    return Change(deployment: deployment, services: deployment.start.services, hasImages: false)
  }
}
