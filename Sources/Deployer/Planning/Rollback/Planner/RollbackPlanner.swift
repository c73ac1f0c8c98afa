import Ledger

/// Turns the request for a rollback into a plan, once it is known what runs.
struct RollbackPlanner: Sendable {
  let request: RollbackRequest
  let records: RollbackRecords
  let running: Observation
  /// What Compose makes of the files; `nil` if it could not read them.
  let project: ComposeProject?
  /// The digest of the files as they are now; `nil` if they could not be read.
  var composeDigest: String?

  /// The plan, and why it is this one.
  struct Decision: Sendable {
    var plan: Plan
    var explanation: [String]
    /// Whether it ends what a rollback has begun that did not succeed.
    var endsRollback = false
    /// The deployments that vouch for the images; what has changed since them is reported.
    var sources: [Deployment]
  }

  /// Where the services go.
  struct Ways: Sendable {
    var ways: [RollbackWay] = []
    /// Why other services are left alone.
    var notes: [String] = []
    /// What should go back and cannot.
    var unrestored: [Unrestored] = []
    /// Those that are where they would go, though the ledger expects something else.
    var alreadyThere: [RollbackWay] = []
    /// Those that are to be removed and are gone, though the ledger expects them.
    var alreadyGone: [RollbackWay] = []
    /// Those that are where they would go, as the ledger expects.
    var wellOnes: [String] = []

    /// Adds those of services that have no way yet.
    mutating func fill(_ more: [RollbackWay]) {
      ways += more.filter { way in !ways.contains { $0.service == way.service } }
    }
  }

  var name: TargetName { request.target.name }

  /// - Throws: `.nothingToRollBackTo` if there is no image to go to, `.usage` for a destination that makes no sense.
  func decide() async throws(DeployFailure) -> Decision {
    let change = try await read { () throws(LedgerError) in
      try await ChangeSearch(records: records, running: running, project: project).newest()
    }
    let down = try await leftDown()
    if request.destination == .lastGood, request.undoing == nil {
      try await refuseAfterNothing(change, leftDown: !down.isEmpty)
    }
    if let undoing = request.undoing { try await refuseToTakeBack(undoing, change) }
    let found =
      switch request.destination {
      case .lastGood where !down.isEmpty: Ways(ways: down)
      // With 'all', too, what a rollback has begun comes first.
      case .lastGood where request.coverage == .changed || (change?.isHalfTakenBack == true && request.named.isEmpty):
        try await takingBack(try required(change))
      case .lastGood: try await toLastGood()
      case .tag(let tag) where request.coverage == .changed:
        try await to(tag, try await goingToTag(of: try required(change)))
      case .tag(let tag): try await to(tag, try await everyOrNamed())
      case .deployment(let id): try await to(id)
      }
    var moving = try await needed(found)
    if moving.ways.isEmpty, !moving.alreadyThere.isEmpty, change?.isHalfTakenBack == true {
      // The rollback before has failed for what cannot go back, and all that could is there.
      moving.notes += moving.unrestored.map(\.line)
      moving.unrestored = []
    }
    var decision = try await decision(
      moving, tagOfChange: change?.deployment.start.tag,
      undoes: try await deploymentLeft(by: moving.ways, change))
    decision.endsRollback = down.isEmpty && change?.isHalfTakenBack == true
    return decision
  }

  private func required(_ change: Change?) throws(DeployFailure) -> Change {
    guard let change else {
      throw .nothingToRollBackTo(
        ["nothing to roll back: the ledger has no deployment of \(name) that changed an image"],
        nextStep: "ktrdr history --target \(name)")
    }
    return change
  }

  /// A deployment of a batch is taken back only while it is the newest change.
  private func refuseToTakeBack(_ undoing: Int64, _ change: Change?) async throws(DeployFailure) {
    let deployment = try await read { () throws(LedgerError) in try await records.ledger.deployment(undoing) }
    guard deployment?.start.kind != .rollback else {
      throw .usage(
        "deployment \(undoing) of \(name) is a rollback, which is not taken back as a batch",
        nextStep: "choose what it goes to: ktrdr rollback \(name) --to DEPLOYMENT")
    }
    let last = change?.last
    guard let newest = last?.id, newest >= undoing else {
      throw .nothingToRollBackTo(
        ["deployment \(undoing) of \(name) changed nothing"], nextStep: "ktrdr history --target \(name)")
    }
    guard newest == undoing || last?.start.undoes != undoing else {
      throw .nothingToRollBackTo(
        ["deployment \(undoing) of \(name) has been taken back by rollback \(newest)"],
        nextStep: "ktrdr status \(name)")
    }
    guard newest == undoing else {
      throw .nothingToRollBackTo(
        ["\(name) was changed by deployment \(newest) after deployment \(undoing); it is left alone"],
        nextStep: "ktrdr rollback \(name)")
    }
  }

  /// After a deployment that changed nothing, what runs is the good version, if the one before was: the reflex to go back must not
  /// take it away.
  private func refuseAfterNothing(_ change: Change?, leftDown isDown: Bool) async throws(DeployFailure) {
    let named = request.named.map(\.value)
    let newest = try await read { () throws(LedgerError) in try await records.newest(covering: named) }
    guard let newest, newest.start.kind == .deploy, newest.outcome != nil else { return }
    let isVain = try await read { () throws(LedgerError) in
      try await records.changedNothing(newest, of: named, running)
    }
    try await refuseForFiles(newest)
    guard !isDown, isVain, try await runsWhatIsGood(change) else { return }
    let left =
      change.map { "; the newest change is that of deployment \($0.last.id)" } ?? ""
    throw .nothingToRollBackTo(
      ["deployment \(newest.id) changed nothing\(left)"],
      nextStep: change == nil
        ? "to run another version: ktrdr deploy \(name) --tag TAG"
        : "to go further back: ktrdr rollback \(name) --to TAG|DEPLOYMENT")
  }

  /// Whether what runs was left by a deployment that succeeded. After two failures in a row on the same image the second one
  /// changed nothing, and there is something to go back from all the same.
  private func runsWhatIsGood(_ change: Change?) async throws(DeployFailure) -> Bool {
    guard !request.named.isEmpty else {
      guard let change else { return true }
      return change.deployment.outcome == .succeeded && change.isCarriedThrough && !change.isHalfTakenBack
    }
    let good = try await read { () throws(LedgerError) in try await records.newestGood() }
    return request.named.allSatisfy { service in
      running.image(of: service.value).map { $0.id == good[service.value]?.id } ?? true
    }
  }

  /// After a failure on the images that were good before, with other files, an older image would take the good one away and
  /// leave the failure.
  private func refuseForFiles(_ failed: Deployment) async throws(DeployFailure) {
    let good = try await read { () throws(LedgerError) in try await records.good(before: failed, running) }
    guard let good else { return }
    guard composeDigest == nil || composeDigest == failed.composeDigest else {
      throw .nothingToRollBackTo(
        ["deployment \(failed.id) changed no image, and the compose file that it failed with has been edited since"],
        nextStep: "to start what was good with the file as it is now: ktrdr rollback \(name) --to \(good.id); "
          + "to go further back: ktrdr rollback \(name) --to TAG|DEPLOYMENT")
    }
    throw .nothingToRollBackTo(
      [
        "deployment \(failed.id) changed no image, but the compose file has changed since deployment \(good.id): an older "
          + "image would not take that back"
      ],
      nextStep: "correct the compose file on \(request.target.host) and deploy again; "
        + "to go further back: ktrdr rollback \(name) --to TAG|DEPLOYMENT")
  }

  private func decision(
    _ found: Ways, tagOfChange: String?, undoes: Deployment?
  ) async throws(DeployFailure) -> Decision {
    let ways = found.ways
    let going = ways.filter { !$0.isRemoved }
    let best = leading(going + found.alreadyThere)
    // Compose files want the tag's variable whatever image is pinned; an image without a tag has none to give.
    let current = going.isEmpty ? running.tag(in: project) : nil
    guard let tag = best?.tag ?? (current ?? tagOfChange).flatMap({ try? ImageTag($0) }) else {
      throw .nothingToRollBackTo(
        ["no recorded tag to set \(request.target.tagVariable) to"],
        nextStep: "choose one: ktrdr rollback \(name) --to TAG")
    }
    var commit = request.commit
    if commit == nil { commit = try await read { () throws(LedgerError) in try await records.commit(of: tag) } }
    var plan = Plan(
      target: request.target, services: going.map(\.service),
      profiles: (going + found.alreadyThere).profiles(in: project), tag: tag,
      commit: commit, registries: request.registries, operator: request.operator, client: request.client,
      batch: request.batch, kind: .rollback, undoes: undoes?.id,
      pins: going.compactMap { way in way.image.map { Pin(service: way.service, image: $0) } },
      lockTimeout: request.lockTimeout)
    plan.tagInFiles = leading(going)?.variable
    for way in going + found.alreadyThere where hasTagBesides(way.service) {
      plan.fileTags[way.service.value] = way.variable
    }
    plan.leftOver = ways.filter(\.isRemoved).map(\.service.value)
    plan.unrestored = found.unrestored.map(\.line)
    plan.alreadyThere = found.alreadyThere.map(\.service.value)
    plan.alreadyGone = found.alreadyGone.map(\.service.value)
    let covered = ways + found.alreadyThere + found.alreadyGone
    return Decision(
      plan: plan,
      explanation: found.notes + RollbackExplanation.lines(of: ways)
        + (try await staying(besides: covered.map(\.service.value) + found.wellOnes, found.unrestored, tag: tag))
        + (try await leftDown(besides: covered)),
      sources: ways.compactMap(\.source))
  }

  /// The services that follow the tag, run another one and are not covered: the target is on two versions afterwards.
  private func staying(
    besides covered: [String], _ unrestored: [Unrestored], tag: ImageTag
  ) async throws(DeployFailure) -> [String] {
    guard request.coverage == .changed else { return [] }
    let all =
      switch request.destination {
      case .lastGood: " ('ktrdr rollback \(name) all' covers every service)"
      case .tag(let tag): " ('ktrdr rollback \(name) all --to \(tag)' covers every service)"
      case .deployment: ""
      }
    var lines: [String] = []
    for service in running.services {
      // What cannot go back is named with the reason, and 'all' would not help it.
      guard !covered.contains(service), !unrestored.contains(where: { $0.service == service }),
        project?.service(service)?.takesTag == true, let image = running.image(of: service),
        let now = ImageName(image.reference).tag, now != tag.value,
        // Two tags may be one image.
        try await read({ () throws(LedgerError) in try await records.image(of: service, tag: tag)?.image.id != image.id
        })
      else { continue }
      lines.append("\(service): not covered, stays on \(now)\(all)")
    }
    return lines
  }

  /// The services that should run, do not, and are not covered: a rollback that succeeds says nothing about them.
  private func leftDown(besides ways: [RollbackWay]) async throws(DeployFailure) -> [String] {
    guard request.named.isEmpty else { return [] }
    let covered = ways.map(\.service.value)
    let good = try await read { () throws(LedgerError) in try await records.newestGood() }
    return good.keys.sorted().compactMap { service in
      let isInFiles = project.map { $0.service(service) != nil } ?? true
      guard !covered.contains(service), isInFiles else { return nil }
      let shortage =
        running.services.contains(service) ? running.shortage(of: service, in: project)?.words : "does not run"
      return shortage.map { "\(service): \($0), and is not covered: ktrdr status \(name)" }
    }
  }

  func read<Value>(_ body: () async throws(LedgerError) -> Value) async throws(DeployFailure) -> Value {
    do throws(LedgerError) { return try await body() } catch { throw .ledger(error) }
  }
}

extension RollbackWay {
  /// Whether the image that it goes to follows the deployment's tag.
  func takesTag(_ project: ComposeProject?) -> Int {
    let follows = project?.service(service.value)?.takesTag ?? (source?.start.tag == tag?.value)
    return follows ? 1 : 0
  }
}

extension [RollbackWay] {
  /// The profiles under which the services were deployed and still stand in the files.
  fileprivate func profiles(in project: ComposeProject?) -> [ProfileName] {
    let needed = flatMap { way -> [String] in
      let own = project?.service(way.service.value)?.profiles ?? []
      return way.source?.start.profiles.filter(own.contains) ?? []
    }
    return Set(needed).sorted().compactMap { try? ProfileName($0) }
  }
}
