import Ledger

/// Turns the request for a rollback into a plan, once it is known what runs.
struct RollbackPlanner: Sendable {
  let request: RollbackRequest
  let records: RollbackRecords
  let running: Observation

  /// The plan, and why it is this one.
  struct Decision: Sendable {
    var plan: Plan
    var explanation: [String]
    /// The deployments that vouch for the images; what has changed since them is reported.
    var sources: [Deployment]
  }

  /// Where one service goes.
  private struct Way {
    var service: ServiceName
    /// `nil` for a tag that the ledger has never seen for this service: then the tag's name decides.
    var image: ImageIdentity?
    var tag: ImageTag?
    var source: Deployment?
    var explanation: [String]
  }

  /// - Throws: `.nothingToRollBackTo` if there is no image to go to, `.usage` for a deployment of another target.
  func decide() async throws(DeployFailure) -> Decision {
    guard let newest = try await read({ () throws(LedgerError) in try await records.newestChange() }) else {
      throw .nothingToRollBackTo(
        ["nothing to roll back: the ledger has no deployment of \(request.target.name) that changed an image"],
        nextStep: "ktrdr history --target \(request.target.name)")
    }
    if let undoing = request.undoing, undoing != newest.deployment.id {
      let later = newest.deployment.id
      throw .nothingToRollBackTo(
        ["\(request.target.name) was changed by deployment \(later) after deployment \(undoing); it is left alone"],
        nextStep: "ktrdr rollback \(request.target.name)")
    }
    let ways =
      switch request.destination {
      case .lastGood: try await lastGood(newest.services)
      case .tag(let tag): try await ways(to: tag, services(or: newest.services))
      case .deployment(let id): try await ways(to: id)
      }
    return try decision(ways, newest: newest.deployment, undoes: try await deploymentLeft(by: ways, newest))
  }

  /// The deployment that the rollback leaves: the newest that brought what one of its services runs now. `nil` if the
  /// ledger has no such deployment, because somebody has changed the host by hand since.
  private func deploymentLeft(by ways: [Way], _ newest: RollbackRecords.Change) async throws(DeployFailure)
    -> Deployment?
  {
    let services = ways.map(\.service.value)
    // One that died while the host was changing has recorded no images; what runs is most likely its own.
    if !newest.hasImages, !Set(newest.services).isDisjoint(with: services) { return newest.deployment }
    let left = try await read { () throws(LedgerError) in try await records.newestChange(of: services, to: running) }
    return left.flatMap { left in ways.contains { $0.source?.id == left.id } ? nil : left }
  }

  private func services(or changed: [String]) -> [ServiceName] {
    request.services.isEmpty ? changed.compactMap { try? ServiceName($0) } : request.services
  }

  /// A service without a candidate is left alone, unless the operator named it or none has one.
  private func lastGood(_ changed: [String]) async throws(DeployFailure) -> [Way] {
    var ways: [Way] = []
    var refusals: [String] = []
    for service in services(or: changed) {
      let history = try await read { () throws(LedgerError) in try await records.history(of: service.value) }
      do throws(LastGood.Nothing) {
        let choice = try LastGood.choose(history: history, running: running.image(of: service.value))
        ways.append(
          Way(
            service: service, image: choice.image, tag: tag(of: choice),
            source: choice.isObserved ? nil : choice.source,
            explanation: RollbackExplanation.lines(service, choice)))
      } catch {
        refusals += RollbackExplanation.lines(service, nothing: error)
      }
    }
    guard !ways.isEmpty, request.services.isEmpty || refusals.isEmpty else {
      throw .nothingToRollBackTo(refusals, nextStep: "choose an image: ktrdr rollback \(request.target.name) --to TAG")
    }
    if !refusals.isEmpty { ways[0].explanation = refusals + ways[0].explanation }
    return ways
  }

  private func ways(to tag: ImageTag, _ services: [ServiceName]) async throws(DeployFailure) -> [Way] {
    var ways: [Way] = []
    for service in services {
      let known = try await read { () throws(LedgerError) in try await records.image(of: service.value, tag: tag) }
      ways.append(
        Way(
          service: service, image: known?.0, tag: tag, source: known?.1,
          explanation: RollbackExplanation.lines(service, tag: tag, known: known)))
    }
    return ways
  }

  private func ways(to id: Int64) async throws(DeployFailure) -> [Way] {
    let list = "ktrdr history --target \(request.target.name)"
    let found = try await read { () throws(LedgerError) in try await records.ledger.deployment(id) }
    guard let deployment = found, deployment.start.target == request.target.name.value else {
      let other = found.map { ": it belongs to \($0.start.target)" } ?? ""
      throw .usage("\(request.target.name) has no deployment \(id)\(other)", nextStep: list)
    }
    let images = try await read { () throws(LedgerError) in try await records.ledger.images(of: id) }
    let left = images.filter { $0.after != nil }
    let services = request.services.isEmpty ? left.compactMap { try? ServiceName($0.service) } : request.services
    var ways: [Way] = []
    for service in services {
      guard let image = left.first(where: { $0.service == service.value })?.after else {
        throw .nothingToRollBackTo(["deployment \(id) recorded no image of \(service)"], nextStep: list)
      }
      ways.append(
        Way(
          service: service, image: image, tag: deployment.start.tag.flatMap { try? ImageTag($0) }, source: deployment,
          explanation: RollbackExplanation.lines(service, image, chosen: deployment)))
    }
    guard !ways.isEmpty else {
      throw .nothingToRollBackTo(["deployment \(id) recorded no image"], nextStep: list)
    }
    return ways
  }

  private func decision(_ ways: [Way], newest change: Deployment, undoes: Deployment?) throws(DeployFailure) -> Decision
  {
    let sources = ways.compactMap(\.source)
    let newest = ways.max { ($0.source?.id ?? 0) < ($1.source?.id ?? 0) }
    // Compose files want the tag's variable whatever image is pinned; an image without a tag has none to give.
    guard let tag = newest?.tag ?? change.start.tag.flatMap({ try? ImageTag($0) }) else {
      throw .nothingToRollBackTo(
        ["no recorded tag to set \(request.target.tagVariable) to"],
        nextStep: "choose one: ktrdr rollback \(request.target.name) --to TAG")
    }
    let commit = newest?.source.flatMap { source in
      source.start.tag == tag.value ? source.start.gitSHA.flatMap { try? GitSHA($0) } : nil
    }
    let plan = Plan(
      target: request.target, services: ways.map(\.service), tag: tag, commit: request.commit ?? commit,
      registries: request.registries, operator: request.operator, client: request.client, batch: request.batch,
      kind: .rollback,
      undoes: undoes?.id, pins: ways.compactMap { way in way.image.map { Pin(service: way.service, image: $0) } },
      lockTimeout: request.lockTimeout)
    return Decision(plan: plan, explanation: ways.flatMap(\.explanation), sources: sources)
  }

  private func tag(of choice: LastGood.Choice) -> ImageTag? {
    let recorded = choice.isObserved ? nil : choice.source.start.tag
    return (ImageName(choice.image.reference).tag ?? recorded).flatMap { try? ImageTag($0) }
  }

  private func read<Value>(
    _ body: () async throws(LedgerError) -> Value
  ) async throws(DeployFailure) -> Value {
    do throws(LedgerError) { return try await body() } catch { throw .ledger(error) }
  }
}
