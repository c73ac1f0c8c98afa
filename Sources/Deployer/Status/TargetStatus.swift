public import Ledger
public import Platform

/// What should run on a target beside what runs there.
public struct TargetStatus: Sendable, Equatable {
  public var target: Target
  /// The worst of its services'.
  public var verdict: Verdict
  /// Why the host did not say what runs; `nil` where it did.
  public var error: Problem?
  /// What the verdicts do without: files that Compose could not read as a deployment would, deployments that are in another
  /// ledger, events that this one has lost.
  public var caveats: [String] = []
  /// Whether the ledger has the last deployment there, as far as is known, and Compose can read the files: otherwise nobody can
  /// say what would restore what should run.
  public var isCertain = true
  /// Whether the verdicts say how the target is: not while somebody is at work on it, and not where Compose cannot read its files.
  public var isConclusive = true
  /// Whether a rollback would end what another one has begun that did not succeed.
  public var isHalfRolledBack: Bool { outlook?.endsRollback ?? false }
  /// Whether the newest deployment is a rollback that did not succeed and has changed nothing, so that another one may come to the same.
  public var isRollbackStuck = false
  /// The deployment that was good on the images that run now, and with other compose files than those with which the newest one failed and
  /// that are still there; `nil` if the newest one did not fail like that.
  public var goodWithOtherFiles: Int64?
  /// Whether the newest deployment failed like that, and the files have been edited since.
  public var isFreshlyEdited = false
  /// What `rollback` would do; `nil` where it would be refused, and where all is well.
  var outlook: RollbackOutlook?
  /// The services whose newest deployment is a rollback that did not succeed, whatever has been deployed to others since.
  public var halfRolledBack: Set<String> = []
  /// What each service depends on, directly or through others, by the compose files.
  var needs: [String: Set<String>] = [:]
  /// Whose namespace each service shares, directly or through others: it goes along with them.
  var goesWith: [String: Set<String>] = [:]
  /// In the order of their names.
  public var services: [ServiceStatus]
  /// The tag that everything runs which takes the deployment's; `nil` if that is not one tag, or not known.
  public var runningTag: ImageTag?

  /// The verdicts on what was `seen` on the host.
  init(_ target: Target, expected: [ExpectedImage], seen: Observation, project: ComposeProject? = nil) {
    let wanted = Dictionary(expected.map { ($0.service, $0) }) { first, _ in first }
    self.target = target
    // One that has neither a container nor a place in the compose files is not missing: somebody took it out of service.
    let present = wanted.keys.filter { project == nil || project?.service($0) != nil }
    services = Set(present).union(seen.services).sorted().map { service in
      ServiceStatus(service, expected: wanted[service], seen: seen, project: project)
    }
    let tags = seen.services.filter { project?.service($0)?.takesTag == true }.flatMap(seen.telling)
      .map { ImageName($0.reference).tag ?? "" }
    needs = project?.needs ?? [:]
    goesWith = project?.goesWith ?? [:]
    runningTag = Set(tags).count == 1 ? tags.first.flatMap { try? ImageTag($0) } : nil
    verdict = services.map(\.verdict).max().map { $0.isGood ? .inSync : $0 } ?? .unrecorded
  }

  init(_ target: Target, expected: [ExpectedImage], _ seen: ObservedTarget) {
    self.init(target, expected: expected, seen: seen.observed, project: seen.reading.project)
    // What Docker says is known, so this is about files.
    for finding in seen.check.findings {
      (isCertain, isConclusive) = (false, false)
      caveats.append(finding.problem(for: target).what)
    }
    if let owner = seen.check.lockOwner {
      (isCertain, isConclusive) = (false, false)
      caveats.append("\(target.name) is being changed: \(target.host) is locked by \(owner)")
    }
    if let stop = seen.observed.pendingStop, seen.check.lockOwner == nil {
      (isCertain, isConclusive) = (false, false)
      caveats.append("\(target.name) is being changed: \(stop.what)")
    }
    if let others = seen.otherProjects {
      isCertain = false
      caveats.append(others)
    }
    switch seen.reading {
    case .read, .notRead: break
    case .needsSecrets(_, let reason):
      caveats.append(
        "Compose cannot read the files of \(target.name) as a deployment would, so they are read without values: \(reason)"
      )
    case .unfit(let problem):
      (isCertain, isConclusive) = (false, false)
      caveats.append(problem.what)
    case .failed(let reason):
      (isCertain, isConclusive) = (false, false)
      caveats.append(
        "Compose cannot read the files of \(target.name), so its services are known by their containers alone: \(reason)"
      )
    }
  }

  /// The host could not be asked.
  init(_ target: Target, expected: [ExpectedImage], error: Problem) {
    self.target = target
    self.error = error
    verdict = .unreachable
    services = expected.sorted { $0.service < $1.service }.map {
      ServiceStatus(service: $0.service, verdict: .unreachable, expected: $0, running: nil)
    }
  }
}

/// One service of a target.
public struct ServiceStatus: Sendable, Equatable {
  public var service: String
  public var verdict: Verdict
  public var expected: ExpectedImage?
  /// What runs; of several containers the one with the worst verdict.
  public var running: RunningImage?
  /// Whether the compose files name another repository than that of the expected image: only `rollback --to` goes there.
  public var isOfOtherRepository = false
  /// By how many commits HEAD is ahead of the one that runs; `nil` if that is unknown, or not what should run.
  public var commitsAhead: Int?

  /// Whether the container has the image that should run, in whatever state it is.
  public var hasExpectedImage: Bool {
    guard let running else { return false }
    return ImageIdentity(reference: "", id: running.imageID, digest: running.digest).isSame(as: expected?.image)
  }
}

extension ServiceStatus {
  init(_ service: String, expected: ExpectedImage?, seen: Observation, project: ComposeProject?) {
    self.service = service
    self.expected = expected
    if project?.service(service)?.takesTag == false { self.expected?.takesTag = false }
    isOfOtherRepository = expected?.image.repository(otherThan: project?.repository(of: service)) != nil
    let judged = seen.telling(of: service).map { container -> (Observation.Container, Verdict) in
      (container, Verdict.on(container, in: seen, expected: expected?.image, project: project))
    }
    if let (container, worst) = judged.max(by: { $0.1 < $1.1 }) {
      let wanted = project?.service(service)?.replicas ?? 1
      verdict = worst == .inSync && judged.count < wanted ? .missing : worst
      running = RunningImage(
        container, digest: seen.digest(of: container), missingSecrets: container.missingSecrets(project))
    } else {
      verdict = .missing
    }
  }
}

/// An image that the ledger recorded for a service: what should run, if it is the newest that succeeded.
public struct ExpectedImage: Sendable, Equatable {
  public var service: String
  public var deployment: Deployment
  public var image: ImageIdentity
  /// Whether the image follows the deployment's tag, as far as is known.
  var takesTag = true

  /// `nil` where the deployment took the service away.
  init?(_ deployment: Deployment, _ record: ImageRecord) {
    guard let after = record.after else { return nil }
    service = record.service
    self.deployment = deployment
    image = after
  }

  /// The image's own tag; after a rollback to a digest, the tag that it had.
  public var tag: String? {
    let name = ImageName(image.reference)
    let isNamedByID = takesTag && deployment.start.kind == .rollback && name.digest == nil
    return name.tag ?? (isNamedByID ? deployment.start.tag : nil)
  }

  /// The commit that the image was built from; `nil` for an image that does not take the deployment's tag, like a
  /// database's.
  public var commit: GitSHA? {
    guard let tag, tag == deployment.start.tag else { return nil }
    return deployment.start.gitSHA.flatMap { try? GitSHA($0) }
  }
}

/// One container of a service.
public struct RunningImage: Sendable, Equatable {
  /// As the container names it: with a tag, a digest or only its id.
  public var reference: String
  public var tag: String?
  /// `repository@sha256:…`; `nil` for an image that no registry knows.
  public var digest: String?
  /// The image's config id, `sha256:…`.
  public var imageID: String
  /// Docker's word: `running`, `restarting`, `exited`, `created`, `paused`, `dead`.
  public var state: String
  /// `healthy`, `unhealthy`, `starting`; `nil` where the service has no health check.
  public var health: String?
  /// When it was started; `nil` while it does not run.
  public var since: Date?

  /// The variables that should hold a secret and are empty: the container was created without it, by hand or before the compose
  /// files gave it one.
  public var missingSecrets: [String] = []

  init(_ container: Observation.Container, digest: String?, missingSecrets: [String] = []) {
    self.missingSecrets = missingSecrets
    reference = container.reference
    tag = ImageName(container.reference).tag
    self.digest = digest
    imageID = container.imageID
    state = container.state
    // A stopped container keeps the health that it had.
    health = container.hasProcess ? container.health : nil
    since = container.hasProcess ? container.startedAt : nil
  }
}
