import Ledger
import Synchronization

/// What the ledger knows that a rollback of one target is decided from. The history of a service is read once.
struct RollbackRecords: Sendable {
  let ledger: DeploymentLedger
  let target: String
  /// How the host knows images.
  let ids: HostImageIDs
  private let read = Read()

  init(ledger: DeploymentLedger, target: String, ids: HostImageIDs = HostImageIDs()) {
    self.ledger = ledger
    self.target = target
    self.ids = ids
  }

  /// What has been read of each service.
  private final class Read: Sendable {
    let histories = Mutex<[String: (sightings: [LastGood.Past], history: [LastGood.Past])]>([:])
  }

  /// What a deployment recorded of images, by the ids that the host knows them by.
  func images(of deployment: Int64) async throws(LedgerError) -> [ImageRecord] {
    var ids = ids
    return try await ledger.images(of: deployment).map { ids.translate($0) }
  }

  /// The same by service.
  func rows(of deployment: Deployment) async throws(LedgerError) -> [String: Change.Row] {
    let rows = try await images(of: deployment.id).map {
      (
        $0.service,
        Change.Row(deployment: deployment.id, before: $0.before, after: $0.after, isEndSeen: deployment.isEndSeen)
      )
    }
    return Dictionary(rows) { first, _ in first }
  }

  /// The newest deployment that covers one of `services`; of any service if none is named.
  func newest(covering services: [String]) async throws(LedgerError) -> Deployment? {
    guard !services.isEmpty else {
      return try await ledger.history(HistoryFilter(target: target, limit: 1)).first
    }
    var newest: Deployment?
    for service in services {
      let found = try await ledger.history(HistoryFilter(target: target, service: service, limit: 1)).first
      if let found, found.id > newest?.id ?? 0 { newest = found }
    }
    return newest
  }

  /// What the last deployment before `id` had left of a service that had no container when that one began; `nil` if it took the
  /// container away, or nobody saw what it left. One that neither found nor left a container says nothing.
  func left(_ service: String, before id: Int64) async throws(LedgerError) -> ImageIdentity? {
    let earlier = try await history(of: service).first {
      $0.deployment.id < id && ($0.before != nil || $0.after != nil)
    }
    return earlier?.isEndSeen == true ? earlier?.after : nil
  }

  /// Whether it did nothing but bring services back, as the deployments before it had left them, which somebody had removed.
  private func onlyRepairs(
    _ images: [ImageRecord], _ deployment: Deployment, _ running: Observation
  ) async throws(LedgerError) -> Bool {
    for image in images {
      let after = deployment.isEndSeen ? image.after : running.image(of: image.service)
      guard image.before == nil, let after,
        try await left(image.service, before: deployment.id)?.id == after.id
      else { return false }
    }
    return true
  }

  /// Whether a deployment that did not succeed left everything as it was: it did not touch the host, or no image changed and
  /// what it covers is up, or those of `services` among it.
  func changedNothing(
    _ deployment: Deployment, of services: [String], _ running: Observation
  ) async throws(LedgerError) -> Bool {
    guard deployment.outcome != .succeeded else { return false }
    guard try await reachedHost(deployment) else { return true }
    guard try await change(by: deployment, running) == nil else { return false }
    return deployment.start.services.filter { services.isEmpty || services.contains($0) }
      .flatMap(running.telling).allSatisfy(running.isUp)
  }

  /// The deployment that had been good with the images that `failed` found and left, and with other compose files; `nil` if there
  /// is none, or if `failed` was to bring others and did not come to that.
  func good(before failed: Deployment, _ running: Observation) async throws(LedgerError) -> Deployment? {
    guard failed.outcome == .failed, try await change(by: failed, running) == nil else { return nil }
    var ids = ids
    let newest = try await ledger.newestSucceeded(of: target).map { ($0, ids.translate($1)) }
      .filter { failed.start.services.contains($0.1.service) }
    guard newest.count == Set(failed.start.services).count,
      newest.allSatisfy({ $0.1.after != nil && $0.1.after?.id == running.image(of: $0.1.service)?.id }),
      !newest.contains(where: { failed.hasNotBrought($0.1, by: $0.0, running) })
    else { return nil }
    return newest.map(\.0).filter { $0.composeDigest != nil && $0.composeDigest != failed.composeDigest }
      .max { $0.id < $1.id }
  }

  /// What each service should run, by the ids that the host knows images by.
  func newestGood() async throws(LedgerError) -> [String: ImageIdentity] {
    var ids = ids
    let good = try await ledger.newestSucceeded(of: target).map { ids.translate($1) }
    return Dictionary(good.compactMap { image in image.after.map { (image.service, $0) } }) { first, _ in first }
  }

  /// Whether the host was told to change. Where nobody saw the end, it counts that it was about to be told.
  func reachedHost(_ deployment: Deployment) async throws(LedgerError) -> Bool {
    let signs: Set<String> =
      deployment.isEndSeen ? [StepName.up.rawValue, StepName.scaleDown.rawValue] : [StepName.changing.rawValue]
    return try await ledger.steps(of: deployment.id).contains { signs.contains($0.name) }
  }

  /// Every ended deployment that started `service` or took it away, newest first. One that only saw it there says nothing.
  func history(of service: String) async throws(LedgerError) -> [LastGood.Past] {
    try await known(of: service).history
  }

  /// Whether a rollback was to leave what had been the good image of a service: the deployment that it undoes had brought that.
  func isLeft(
    _ service: String, by rollback: Deployment, _ running: Observation
  ) async throws(LedgerError) -> Bool {
    guard rollback.start.kind == .rollback, let undone = rollback.start.undoes,
      try await wasGoingBack(rollback, running)
    else { return false }
    let earlier = try await history(of: service).filter { $0.deployment.id < rollback.id }
    guard !earlier.isEmpty, let source = GoodStates(of: earlier).topSource else { return false }
    return source >= undone
  }

  /// Whether a rollback that did not succeed went to a state in the stack of good ones, which tell its tag and what it has moved. If
  /// not, it went to a version that never was good, or that one had left.
  func wasGoingBack(_ rollback: Deployment, _ running: Observation) async throws(LedgerError) -> Bool {
    let rows = try await rows(of: rollback)
    let tag = rollback.start.tag
    var tags: Set<String> = []
    var hasMoved = false
    for service in rollback.start.services {
      let earlier = try await history(of: service).filter { $0.deployment.id < rollback.id }
      guard !earlier.isEmpty else { continue }
      let states = GoodStates(of: earlier)
      let found = rows[service]?.before
      let image = rollback.isEndSeen ? rows[service]?.after : running.image(of: service)
      if rollback.isEndSeen, found != nil, image == nil { hasMoved = true }
      if let image, image.id != found?.id, rollback.isEndSeen || ImageName(image.reference).tag == tag {
        guard states.has(image) else { return false }
        hasMoved = true
      }
      tags.formUnion(
        earlier.flatMap { [$0.before, $0.after] }.compactMap { image in
          image.flatMap { states.has($0) ? ImageName($0.reference).tag : nil }
        })
    }
    return hasMoved || tag.map(tags.contains) ?? true
  }

  /// The newest ended deployment that recorded what `service` ran. One that failed to bring it says nothing; a rollback that found it gone
  /// has recorded that.
  func newestSighting(of service: String) async throws(LedgerError) -> LastGood.Past? {
    try await sightings(of: service).first {
      $0.before != nil || $0.after != nil || $0.deployment.outcome == .succeeded
    }
  }

  /// Every ended deployment that recorded what `service` ran, newest first.
  private func sightings(of service: String) async throws(LedgerError) -> [LastGood.Past] {
    try await known(of: service).sightings
  }

  private func known(
    of service: String
  ) async throws(LedgerError) -> (sightings: [LastGood.Past], history: [LastGood.Past]) {
    if let found = read.histories.withLock({ $0[service] }) { return found }
    let sightings = try await readSightings(of: service)
    let history = sightings.filter { $0.covers(service) || ($0.before != nil && $0.after == nil) }
    read.histories.withLock { $0[service] = (sightings, history) }
    return (sightings, history)
  }

  private func readSightings(of service: String) async throws(LedgerError) -> [LastGood.Past] {
    var history: [LastGood.Past] = []
    var ids = ids
    for (deployment, recorded) in try await ledger.goodHistory(
      target: target, service: service, limit: Self.historyLimit)
    {
      let image = ids.translate(recorded)
      var past = LastGood.Past(deployment: deployment, before: image.before, after: image.after)
      if deployment.outcome != .succeeded, image.before?.id == image.after?.id {
        past.reachedHost = try await reachedHost(deployment)
      }
      history.append(past)
    }
    return history
  }

  /// The image that `service` last ran under `tag`, with the deployment that brought it: one that succeeded comes before any
  /// other, and an image that was only seen there comes last.
  func image(of service: String, tag: ImageTag) async throws(LedgerError) -> (image: ImageIdentity, by: Deployment?)? {
    func isTagged(_ image: ImageIdentity?) -> Bool { image.map { ImageName($0.reference).tag == tag.value } ?? false }
    let history = try await sightings(of: service)
    let ran = history.filter { $0.reachedHost && isTagged($0.after) }
    if let best = ran.first(where: { $0.deployment.outcome == .succeeded }) ?? ran.first, let image = best.after {
      return (image, best.deployment)
    }
    return history.lazy.compactMap(\.before).first(where: isTagged).map { ($0, nil) }
  }

  /// The newest deployment before `id` that succeeded, if it is among the last few.
  func lastSucceeded(before id: Int64) async throws(LedgerError) -> Deployment? {
    try await ledger.history(HistoryFilter(target: target, limit: Self.firstPage + Self.growth))
      .first { $0.id < id && $0.outcome == .succeeded }
  }

  /// The commit that was recorded with `tag`.
  func commit(of tag: ImageTag) async throws(LedgerError) -> GitSHA? {
    let deployments = try await ledger.history(HistoryFilter(target: target, tag: tag.value, limit: Self.firstPage))
    return deployments.lazy.compactMap { $0.start.gitSHA.flatMap { try? GitSHA($0) } }.first
  }

  /// How many deployments are read at first; a change is nearly always among them.
  private static let firstPage = 16
  /// The most deployments of one service that a choice takes into account.
  private static let historyLimit = 10_000

  private static let growth = 16

  /// The deployments of the target, newest first.
  func newestFirst() -> NewestFirst { NewestFirst(records: self) }

  /// Reads the history as far as somebody asks.
  struct NewestFirst {
    fileprivate let records: RollbackRecords
    private var page: ArraySlice<Deployment> = []
    private var limit = 0

    fileprivate init(records: RollbackRecords) { self.records = records }

    mutating func next() async throws(LedgerError) -> Deployment? {
      if page.isEmpty {
        let known = limit
        limit = known == 0 ? firstPage : known * growth
        page = try await records.ledger.history(HistoryFilter(target: records.target, limit: limit)).dropFirst(known)
      }
      return page.popFirst()
    }
  }

  /// What one deployment changed by itself; `nil` if that is nothing.
  func change(by deployment: Deployment, _ running: Observation) async throws(LedgerError) -> Change? {
    let images = try await images(of: deployment.id)
    if !deployment.isEndSeen {
      guard try await reachedHost(deployment) else { return nil }
      guard !images.isEmpty else {
        return Change(deployment: deployment, services: deployment.start.services.sorted())
      }
    }
    let changed = images.filter { image in
      guard !deployment.isEndSeen else { return image.isChange }
      let now = running.image(of: image.service)
      // A service that it did not cover it can only have taken away.
      return deployment.start.services.contains(image.service)
        ? image.before?.id != now?.id
        : image.before != nil && now == nil
    }
    guard !changed.isEmpty, try await !onlyRepairs(changed, deployment, running) else { return nil }
    return Change(
      deployment: deployment, services: changed.map(\.service).sorted(), rows: try await rows(of: deployment))
  }
}

extension Deployment {
  /// Whether it was to bring an image of another tag, and did not come to that.
  fileprivate func hasNotBrought(_ image: ImageRecord, by good: Deployment, _ running: Observation) -> Bool {
    func tag(_ image: ImageIdentity?) -> String? { image.flatMap { ImageName($0.reference).tag } }
    // Not every image takes the deployment's tag.
    guard tag(image.after) == good.start.tag else { return false }
    return tag(image.after) != start.tag && tag(running.image(of: image.service)) != start.tag
  }
}
