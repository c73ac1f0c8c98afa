import Ledger

extension TargetStatus {
  /// What brings the target back to what the ledger expects.
  ///
  /// Empty where no command would help: a container that is unhealthy on the very image that should run needs a look, what the
  /// ledger does not know it cannot restore, what another ledger's deployment left there is not this one's to take away, and while
  /// a deployment is running (`isBusy`) nothing is settled.
  public func nextSteps(isBusy: Bool = false) -> [NextStep] {
    guard error == nil, isCertain, !isBusy else { return [] }
    // A first deployment is all that is missing. If something runs, a deployment may replace it: look at the plan first.
    if services.isEmpty { return [.run(.deploy(target.name))] }
    if services.allSatisfy({ $0.verdict == .unrecorded }) {
      // What ran before the first deployment is all that there is to go back to.
      return [outlook != nil ? goBack : .run(.deploy(target.name, tag: runningTag, isDryRun: true))]
    }
    if let good = goodWithOtherFiles, services.filter({ !$0.verdict.isGood }).allSatisfy(\.hasExpectedImage) {
      return [.correctFiles(on: target.host, since: good)]
    }
    let restorable = services.filter { $0.isRestorable(afterEdit: isFreshlyEdited) && canDeploy($0.service) }
    // What the ledger expects is the version that was being left.
    let onTheWay = restorable.filter { !$0.isOfOtherRepository }
    if isHalfRolledBack, onTheWay.contains(where: { !$0.hasExpectedImage || halfRolledBack.contains($0.service) }) {
      return [isRollbackStuck ? .goBack(.rollback(target.name), orForward: rollbacks(restorable)) : goBack]
    }
    if let outlook, outlook.isRight(for: services) {
      let rest = restorable.filter { outlook.images[$0.service] == nil && !($0.hasExpectedImage && $0.lacksSecrets) }
      // What others depend on comes first.
      let first = rest.filter { isNeeded($0.service, by: outlook.images.keys) }
      let last = rest.filter { !first.contains($0) }
      return rollbacks(first).map(NextStep.run) + [goBack] + rollbacks(last).map(NextStep.run)
    }
    // So it is with single services, where others have been deployed since.
    let half = onTheWay.filter { halfRolledBack.contains($0.service) }.map(\.service)
    let ended = half.isEmpty ? [] : [NextStep.Command.rollback(target.name, services: half)]
    let others = restorable.filter { !half.contains($0.service) }
    // A rollback leaves alone what runs its image; a deployment gives it the values that are missing.
    let bare = others.filter { $0.hasExpectedImage && $0.lacksSecrets }
    let rest = others.filter { !bare.contains($0) }
    return (ended + deployments(bare) + rollbacks(rest)).map(NextStep.run)
  }

  /// Whether it has to be there before one of the others is started.
  private func isNeeded(_ service: String, by others: some Sequence<String>) -> Bool {
    others.contains { needs[$0]?.contains(service) == true }
  }

  private var goBack: NextStep { .run(.rollback(target.name)) }

  private func deployments(_ services: [ServiceStatus]) -> [NextStep.Command] {
    // The ledger's text has to be a tag before it stands in a command.
    let tags = Set(services.compactMap { $0.expected?.deployment.start.tag }).compactMap { try? ImageTag($0) }
    return tags.sorted().map { tag in
      let named = services.filter { $0.expected?.deployment.start.tag == tag.value }
      return .deploy(target.name, services: named.map(\.service), tag: tag)
    }
  }

  private func rollbacks(_ restorable: [ServiceStatus]) -> [NextStep.Command] {
    // By the deployment's number: a rollback without it goes to the last good image only if the newest deployment changed
    // something, and not after a change by hand. A deployment would take whatever image the tag means by now.
    let named = restorable.filter { one in !restorable.contains { one.goesAlong(with: $0.service, goesWith) } }
    let services = Dictionary(grouping: named) { $0.expected?.deployment.id ?? 0 }
      .mapValues { $0.map(\.service) }
    // A database comes before what needs it.
    return RepairOrder(needs: needs).groups(services).map { .rollback(target.name, services: $1, to: $0) }
  }

  /// Whether the inventory lets the service be deployed alone.
  private func canDeploy(_ service: String) -> Bool {
    target.services.isEmpty || target.services.contains { $0.value == service }
  }
}

extension ServiceStatus {
  /// Whether a rollback of another service starts this one, on the image that it should run.
  fileprivate func goesAlong(with other: String, _ goesWith: [String: Set<String>]) -> Bool {
    verdict == .stopped && hasExpectedImage && goesWith[service]?.contains(other) == true
  }

  fileprivate var lacksSecrets: Bool { verdict == .drifted && !(running?.missingSecrets ?? []).isEmpty }

  /// Whether a rollback to the deployment that the ledger expects would change something for the better. A name that is no
  /// service's came from a host, and has no place in a command that somebody may paste into a shell.
  fileprivate func isRestorable(afterEdit isEdited: Bool) -> Bool {
    guard expected != nil, (try? ServiceName(service)) != nil else { return false }
    return switch verdict {
    case .drifted, .stopped, .missing: true
    // The container may have been created from the files as they were.
    case .unhealthy: !hasExpectedImage || isEdited
    case .inSync, .completed, .unrecorded, .orphaned, .unreachable: false
    }
  }
}
