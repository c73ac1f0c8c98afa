import Deployer
import Ledger

/// What brings a target back to what the ledger expects: nearly always commands.
enum NextSteps {
  /// Empty where no command would help: a container that is unhealthy on the very image that should run needs a look, what the
  /// ledger does not know it cannot restore, what another ledger's deployment left there is not this one's to take away, and while
  /// a deployment is running (`isBusy`) nothing is settled.
  static func of(_ status: TargetStatus, isBusy: Bool = false) -> [String] {
    guard status.error == nil, status.isCertain, !isBusy else { return [] }
    let name = status.target.name
    // A first deployment is all that is missing. If something runs, a deployment may replace it: look at the plan first.
    if status.services.isEmpty { return ["ktrdr deploy \(name)"] }
    if status.services.allSatisfy({ $0.verdict == .unrecorded }) {
      // What ran before the first deployment is all that there is to go back to.
      if status.services.contains(where: \.isChangedByFailure) { return ["ktrdr rollback \(name)"] }
      return ["ktrdr deploy \(name)\(status.runningTag.map { " --tag \($0)" } ?? "") --dry-run"]
    }
    let restorable = status.services.filter { $0.isRestorable && status.canDeploy($0.service) }
    // What fails on the images that were good, with other files, fails again until somebody corrects those.
    if let good = status.goodWithOtherFiles,
      status.services.filter({ !$0.verdict.isGood }).allSatisfy(\.hasExpectedImage)
    {
      let host = status.target.host
      return ["correct the compose file on \(host), which has changed since deployment \(good), and deploy again"]
    }
    // What the ledger expects is the version that was being left.
    let onTheWay = restorable.filter { !$0.isOfOtherRepository }
    if status.isHalfRolledBack,
      onTheWay.contains(where: { !$0.hasExpectedImage || status.halfRolledBack.contains($0.service) })
    {
      guard status.isRollbackStuck else { return ["ktrdr rollback \(name)"] }
      let forward = rollbacks(of: status, restorable).joined(separator: "; ")
      return ["ktrdr rollback \(name), or forward again: \(forward)"]
    }
    // After a failure on other images, what ran before it is what the ledger expects: one command brings all that back, and takes away
    // what is new.
    if restorable.contains(where: { !$0.hasExpectedImage })
      || status.services.contains(where: { $0.verdict == .unrecorded && $0.isBroughtByFailure }),
      restorable.allSatisfy({ $0.wasGoodBeforeFailure && !$0.isOfOtherRepository })
    {
      return ["ktrdr rollback \(name)"]
    }
    // So it is with single services, where others have been deployed since.
    let half = onTheWay.filter { status.halfRolledBack.contains($0.service) }.map(\.service)
    let ended = half.isEmpty ? [] : ["ktrdr rollback \(name) \(half.joined(separator: " "))"]
    let others = restorable.filter { !half.contains($0.service) }
    // A rollback leaves alone what runs its image; a deployment gives it the values that are missing.
    let bare = others.filter { $0.hasExpectedImage && $0.lacksSecrets }
    // The ledger's text has to be a tag before it stands in a command.
    let tags = Set(bare.compactMap { $0.expected?.deployment.start.tag }).compactMap { try? ImageTag($0) }
    let deployments = tags.sorted().map { tag in
      let services = bare.filter { $0.expected?.deployment.start.tag == tag.value }.map(\.service).joined(
        separator: " ")
      return "ktrdr deploy \(name) \(services) --tag \(tag)"
    }
    return ended + deployments + rollbacks(of: status, others.filter { !bare.contains($0) })
  }

  private static func rollbacks(of status: TargetStatus, _ restorable: [ServiceStatus]) -> [String] {
    // By the deployment's number: a rollback without it goes to the last good image only if the newest deployment changed
    // something, and not after a change by hand. A deployment would take whatever image the tag means by now.
    let services = Dictionary(grouping: restorable) { $0.expected?.deployment.id ?? 0 }
      .mapValues { $0.map(\.service) }
    func rank(_ id: Int64) -> Int { services[id]?.compactMap { status.ranks[$0] }.min() ?? 0 }
    // A database comes before what needs it.
    return services.keys.sorted { (rank($0), $1) < (rank($1), $0) }.map { id in
      "ktrdr rollback \(status.target.name) \(services[id]?.joined(separator: " ") ?? "") --to \(id)"
    }
  }
}

extension TargetStatus {
  /// Whether the inventory lets the service be deployed alone.
  fileprivate func canDeploy(_ service: String) -> Bool {
    target.services.isEmpty || target.services.contains { $0.value == service }
  }
}

extension ServiceStatus {
  fileprivate var lacksSecrets: Bool { verdict == .drifted && !(running?.missingSecrets ?? []).isEmpty }

  /// Whether a rollback to the deployment that the ledger expects would change something for the better. A name that is no
  /// service's came from a host, and has no place in a command that somebody may paste into a shell.
  fileprivate var isRestorable: Bool {
    guard expected != nil, (try? ServiceName(service)) != nil else { return false }
    return switch verdict {
    case .drifted, .stopped, .missing: true
    case .unhealthy: !hasExpectedImage
    case .inSync, .completed, .unrecorded, .orphaned, .unreachable: false
    }
  }
}
