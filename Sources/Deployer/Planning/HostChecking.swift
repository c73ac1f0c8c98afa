import Ledger

/// A host that has been checked, with what Compose made of the target's files there.
struct CheckedHost: Sendable {
  var check: HostCheck
  /// The containers of every project on the host; `nil` if Docker did not answer.
  var everything: Observation?
  var reader: StackReader
  var reading: StackReader.Reading

  /// The containers of the target's own project, as far as the reading tells which one that is.
  var observed: Observation? { everything?.of(reading.project, in: reader.target) }

  /// The containers of these files' services that come from the stack's directory and belong to another project, by its name: the files
  /// had that name before, or somebody runs them twice.
  private var ofOtherProjects: [Observation.Container] {
    guard let project = reading.project, project.isResolved, let everything else { return [] }
    return everything.containers.filter { container in
      container.directory == reader.target.directory && container.project != project.name
        && project.service(container.service) != nil
    }
  }

  /// Whether one of these belongs to a service that has no container in the target's own project.
  var isPartlyElsewhere: Bool {
    let own = observed?.services ?? []
    return ofOtherProjects.contains { !own.contains($0.service) }
  }

  /// That there are some, and what they are.
  var otherProjects: String? {
    let target = reader.target
    let names = Dictionary(grouping: ofOtherProjects, by: \.project).mapValues { $0.map(\.name).sorted() }
    let lines = names.sorted { $0.key < $1.key }.map { other, containers in
      "\(target.directory) on \(target.host) also runs as the project \(other) "
        + "(\(containers.joined(separator: ", "))); this is the project \(reading.project?.name ?? ""), beside it"
    }
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }

  /// The secrets are there: what the host said before is kept without them.
  mutating func redact(_ needles: NeedleSet) {
    check = check.redacted(needles)
    everything = everything?.redacted(needles)
  }
}

/// Checks host and 1Password side by side, so that every problem is reported at once.
struct HostChecking {
  let preparer: Preparer
  let request: DeployRequest
  let host: RemoteHost

  private var target: Target { request.target }

  func check() async throws(PreparationFailure) -> CheckedHost {
    let (secrets, validates) = (preparer.secrets, preparer.validates)
    let needs = request.secretNeeds
    async let usable =
      validates ? needs.problems { () throws(OnePasswordError) in try await secrets.checkUsable() } : []
    let found = try await askHostOnceFree()
    let problemsOfSecrets = await usable
    guard let found else {
      guard !preparer.validates, !request.isRollback else { throw .unreachable(problemsOfSecrets) }
      return CheckedHost(check: HostCheck(), everything: nil, reader: StackReader(target: target), reading: .notRead)
    }
    if preparer.validates {
      let problems =
        found.check.problems(for: target)
        + (found.check.findings.isEmpty ? found.reading.problems(for: target, wanted: request.services) : [])
      guard problems.isEmpty else { throw .refused(.validation(problems + problemsOfSecrets)) }
      guard problemsOfSecrets.isEmpty else { throw .refused(.secrets(problemsOfSecrets)) }
    }
    if let ledger = preparer.ledger {
      let testimony = HostTestimony(ledger: ledger, host: target.host)
      if let warning = testimony.warning(by: found.check) { preparer.progress(.warning(warning)) }
      if let damage = await testimony.damage(by: found.check) { throw .refused(.ledger(damage)) }
    }
    return found
  }

  /// The pause between two looks at a host where somebody is at work.
  private static let pause = Duration.seconds(1)

  /// What runs once Docker has nothing in hand that would change it.
  private func askHostOnceFree() async throws(PreparationFailure) -> CheckedHost? {
    // What all services run decides a rollback; a deployment of some is about those alone.
    let concerned = request.isRollback ? [] : request.services
    // Whoever waits for the lock looks again once it has it.
    func pending(_ found: CheckedHost?, _ earlier: PendingStop?) -> PendingStop? {
      found?.check.lockOwner == nil ? found?.observed?.only(concerned).pendingStop(knowing: earlier) : nil
    }
    guard let time = preparer.time else {
      let found = try await askHostOnceUnlocked()
      if let stop = pending(found, nil) { preparer.progress(.warning(stop.what)) }
      return found
    }
    return try await SettledHost(time: time, say: { [progress = preparer.progress] in progress(.waiting($0)) }).see(
      askHostOnceUnlocked, pending: pending)
  }

  /// A rollback is chosen from what runs, so it waits until nobody else is at work there, as long as the request allows.
  private func askHostOnceUnlocked() async throws(PreparationFailure) -> CheckedHost? {
    let deadline = preparer.time.map { $0.now() + request.lockTimeout }
    var hasSaid = false
    while true {
      let found = await askHost()
      guard request.isRollback, let owner = found?.check.lockOwner else { return found }
      let holder = "the host is locked by \(owner)"
      guard let time = preparer.time, let deadline else {
        preparer.progress(.warning("\(holder): a rollback would have to wait, and choose from what runs then"))
        return found
      }
      guard time.now() < deadline else { throw .refused(.locked(holder: "\(holder); nothing was changed")) }
      if !hasSaid { preparer.progress(.waiting(holder)) }
      hasSaid = true
      await time.sleep(Self.pause)
    }
  }

  /// `nil` if the host did not answer.
  private func askHost() async -> CheckedHost? {
    let reader = StackReader(target: target)
    let question = CheckRequest(
      variables: reader.variables, ledger: preparer.ledger?.id ?? "",
      knownDigests: await preparer.ledger?.knownDigests(of: target) ?? [:])
    guard let answer = try? await host.check(question) else { return nil }
    let reading = await reader.reading(of: answer.check, on: host)
    return CheckedHost(check: answer.check, everything: answer.observed, reader: reader, reading: reading)
  }
}

extension DeploymentLedger {
  /// The digests of the images that `target` should run, by the images' ids. An id names an image's very content, so what
  /// was seen once holds for ever; what cannot be read is asked of the host.
  func knownDigests(of target: Target) -> [String: [String]] {
    let images = (try? newestSucceeded(of: target.name.value).compactMap(\.1.after)) ?? []
    return images.reduce(into: [:]) { known, image in
      if let digest = image.digest { known[image.id, default: []].append(digest) }
    }
  }
}
