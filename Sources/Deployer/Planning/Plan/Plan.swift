public import Ledger

/// What one deployment will do, decided before anything runs. `--dry-run` prints it, the run carries it out.
public struct Plan: Sendable, Equatable {
  public var target: Target
  /// The services to deploy. None means every service of the compose files, or that a rollback only removes services.
  public var services: [ServiceName]
  public var profiles: [ProfileName]
  /// The tag of what is deployed, as it is recorded.
  public var tag: ImageTag
  /// What the target's `tag_variable` has, where that is not ``tag``: the tag of an image that does not follow the variable says nothing
  /// about it.
  var tagInFiles: ImageTag?
  /// The same for services in which the compose files have the variable elsewhere than in the image.
  var fileTags: [String: ImageTag] = [:]
  /// The commit behind the tag, where the repository knows it.
  public var commit: GitSHA?
  /// Whether the working tree differed from HEAD; `nil` for a tag that the operator chose.
  public var isDirty: Bool?
  /// Where the host logs in before it pulls.
  public var registries: [Registry]
  public var `operator`: String
  /// Name and version of this program, and the machine it ran on.
  public var client: String
  public var batch: String?
  public var kind: DeploymentKind
  /// The deployment that a rollback undoes.
  public var undoes: Int64?
  /// The images of a rollback; a service without one takes what `tag` names.
  public var pins: [Pin]
  /// How long to wait for another deployment of the target to end.
  public var lockTimeout: Duration
  /// What Compose makes of the files; `nil` until the host has been asked.
  public var project: ComposeProject?
  /// The profiles that the host's own settings switch on.
  public var hostProfiles: [String] = []
  /// The services that go along with those that were named, since they share a namespace with one of them.
  public var dependents: [String] = []
  /// Jobs that a covered service needs to have been completed, and that are not run.
  public var jobsLeftOut: [String] = []
  /// The services whose containers are stopped and removed: what fewer profiles leave over, or what a rollback takes away.
  public var leftOver: [String] = []
  /// The services of a rollback that run already where it goes, though the ledger expects something else: they are left alone, have to be
  /// healthy, and are recorded with the others.
  public var alreadyThere: [String] = []
  /// The services that a rollback was to remove and that somebody has removed already, though the ledger expects them: recorded as
  /// gone.
  public var alreadyGone: [String] = []
  /// What a rollback cannot restore, a line a service.
  var unrestored: [String] = []
  /// The services that an automatic rollback leaves as they are, on the image that they had before. Nobody has waited for them yet: they
  /// must be healthy as well.
  var staying: [String] = []

  public init(
    target: Target, services: [ServiceName], profiles: [ProfileName] = [], tag: ImageTag, commit: GitSHA? = nil,
    isDirty: Bool? = nil, registries: [Registry], operator: String, client: String, batch: String? = nil,
    kind: DeploymentKind = .deploy, undoes: Int64? = nil, pins: [Pin] = [], lockTimeout: Duration = .zero
  ) {
    self.target = target
    self.services = services
    self.profiles = profiles
    self.tag = tag
    self.commit = commit
    self.isDirty = isDirty
    self.registries = registries
    self.operator = `operator`
    self.client = client
    self.batch = batch
    self.kind = kind
    self.undoes = undoes
    self.pins = pins
    self.lockTimeout = lockTimeout
  }

  /// The variables that Compose gets, with what each holds. A fetched value is only named.
  var variables: [(name: String, shown: String)] {
    [(target.tagVariable.value, variableTag.value)] + target.environment.map { ($0.name.value, $0.value) }
      + target.secrets.map {
        ($0.name.value, "***  (1Password item \($0.reference.item), field \($0.reference.field))")
      }
  }

  /// The value of the target's `tag_variable`.
  var variableTag: ImageTag { tagInFiles ?? tag }

  /// The profiles that Compose gets: on its command line they replace those of the host's settings.
  var activeProfiles: [String] {
    profiles.map(\.value) + hostProfiles.filter { host in !profiles.contains { $0.value == host } }
  }

  /// The services that Compose has under the profiles; those of the inventory until the host has been asked.
  public var servicesOnHost: [String] {
    project?.active(under: activeProfiles) ?? target.services.map(\.value)
  }

  /// Whether it deploys every service of the compose files.
  var isWhole: Bool { services.isEmpty && kind == .deploy }

  /// Whether it starts nothing: a rollback that takes away what was brought, or records what is there already.
  var onlyRemoves: Bool { !isWhole && services.isEmpty }

  /// Whether it changes nothing, and only records what is there already.
  var onlyRecords: Bool { onlyRemoves && leftOver.isEmpty }

  /// The services that it starts.
  var covered: [String] { isWhole ? servicesOnHost : services.map(\.value) + dependents }

  /// The services that Compose is told; none stands for all.
  var named: [String] { isWhole ? [] : covered }

  /// The services that it says something about: those that it starts, those that it removes, and those that are as they should be.
  var affected: [String] { covered + (leftOver + alreadyThere + alreadyGone).filter { !covered.contains($0) } }

  /// The services that it does not start and that have to be healthy.
  var watchedToo: [String] { staying + alreadyThere.filter { !covered.contains($0) } }

  /// What is recorded even of a success: what was not done.
  var caveat: String? {
    jobsLeftOut.isEmpty
      ? nil : "\(jobsLeftOut.joined(separator: ", ")) did not run: a deployed service needs it, but it was not deployed"
  }

  /// What a rollback that did not get that far has not removed.
  func notRemoved(from seen: Observation) -> [String] {
    guard kind == .rollback else { return [] }
    return leftOver.filter(seen.services.contains).map { "\($0) was not removed" }
  }

  /// The plan in words, line by line, with what changes if it is known what runs; see ``changes(from:fates:unavailable:)``.
  func lines(
    running: Observation? = nil, fates: [String: Fate] = [:], unavailable: [String: String] = [:]
  ) -> [String] {
    let all = servicesOnHost.isEmpty ? "all" : "all (\(servicesOnHost.joined(separator: ", ")))"
    let names = isWhole ? all : services.map(\.value).joined(separator: ", ")
    var lines = [
      "target     \(target.name) on \(target.host), \(target.directory)",
      "services   \(names.isEmpty ? "none" : names)",
      "image tag  \(tag)\(commit.map { "  (commit \($0))" } ?? "")",
    ]
    let changes = running.map { self.changes(from: $0, fates: fates, unavailable: unavailable) } ?? []
    for (index, change) in changes.enumerated() {
      lines.insert((index == 0 ? "changes    " : "           ") + change, at: lines.count - 1)
    }
    if let undoes { lines.insert("rollback   undoes deployment \(undoes)", at: 1) }
    if !alreadyThere.isEmpty {
      lines.insert("unchanged  \(alreadyThere.joined(separator: ", "))", at: lines.count - 1)
    }
    if !leftOver.isEmpty { lines.insert("removed    \(leftOver.joined(separator: ", "))", at: lines.count - 1) }
    if !dependents.isEmpty {
      let along = "go along   \(dependents.joined(separator: ", ")): they share its network or processes"
      lines.insert(along, at: lines.count - 1)
    }
    if !jobsLeftOut.isEmpty {
      lines.append("not run    \(jobsLeftOut.joined(separator: ", ")), which it needs to have completed")
    }
    lines += images.filter { fetched.orBuilt.contains($0.service) }.map {
      "image      \($0.service): \($0.reference), or the one that was built on the host if no registry has it"
    }
    lines += pins.map { "image      \($0.service): \($0.reference)" }
    if !activeProfiles.isEmpty { lines.append("profiles   \(activeProfiles.joined(separator: ", "))") }
    lines += registries.map { "registry   \($0.server) as \($0.username), token ***" }
    lines += variables.enumerated().map { index, variable in
      "\(index == 0 ? "variables " : "          ") \(variable.name)=\(variable.shown)"
    }
    lines += oneTagAtATime.filter { $0.tag != variableTag }.map { tag, services in
      "           \(target.tagVariable)=\(tag) for \(services.joined(separator: ", "))"
    }
    return lines + ["steps      \(steps.joined(separator: ", "))"]
  }

  private var steps: [String] {
    let removal = leftOver.isEmpty ? [] : ["scale down: stop and remove \(leftOver.joined(separator: ", "))"]
    guard !onlyRemoves else {
      return ["lock"] + removal + (watchedToo.isEmpty ? [] : ["health (at most \(target.watchLimit.text))"])
    }
    let dependencies = isWhole ? "" : " --no-deps"
    let pull =
      switch (pins.isEmpty, registries.isEmpty) {
      case (true, true): "pull"
      case (true, false): "login, pull"
      case (false, true): "pull of what is not on the host"
      case (false, false): "login and pull of what is not on the host"
      }
    let otherwise = target.rollbackOnFailure && kind == .deploy ? ", or rollback" : ""
    return ["lock", pull, "up -d\(dependencies)", "health (at most \(target.watchLimit.text))\(otherwise)"] + removal
  }

  /// The ledger's first event of this deployment.
  func start(services: [String], secrets: [SecretVersion]) -> DeploymentStart {
    DeploymentStart(
      batch: batch, kind: kind, target: target.name.value, host: target.host.value, directory: target.directory,
      services: services, profiles: profiles.map(\.value), tag: tag.value, gitSHA: commit?.value, gitDirty: isDirty,
      operator: `operator`, client: client, undoes: undoes, secretVersions: secrets,
      registry: registries.isEmpty ? nil : registries.map(\.server).joined(separator: ","))
  }
}
