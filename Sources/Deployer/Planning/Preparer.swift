import Ledger

/// Checks the host, has Compose read the files, chooses what a rollback goes to, and fetches the secrets, over one connection.
struct Preparer: Sendable {
  let secrets: SecretStore
  /// `nil` if nothing has ever been recorded.
  let ledger: DeploymentLedger?
  /// False leaves out the checks of host and 1Password.
  let validates: Bool
  let progress: @Sendable (Progress) -> Void
  /// What waits for another deployment to end; `nil` if nobody waits, since nothing is going to be changed.
  var time: TimeSource?

  func prepare(_ request: DeployRequest, on host: RemoteHost) async throws(PreparationFailure) -> Preparation {
    let checked = try await HostChecking(preparer: self, request: request, host: host).check()
    switch request {
    case .deploy(let plan): return try await prepare(plan, checked, on: host)
    case .rollback(let request): return try await prepare(request, checked, on: host)
    }
  }

  private func prepare(
    _ plan: Plan, _ checked: CheckedHost, on host: RemoteHost
  ) async throws(PreparationFailure) -> Preparation {
    var preparation = try await settle(plan, checked, on: host)
    preparation.plan.leftOver = await leftOver(by: preparation.plan, preparation.observed)
    for line in preparation.plan.notes(on: preparation.observed ?? .nothing) { progress(.explanation([line])) }
    return preparation
  }

  /// Completes a plan and fetches its secrets: only then, unless Compose needs them to read its files.
  private func settle(
    _ plan: Plan, _ checked: CheckedHost, on host: RemoteHost
  ) async throws(PreparationFailure) -> Preparation {
    var checked = checked
    var fetched: FetchedSecrets?
    if case .needsSecrets = checked.reading {
      let secrets = try await fetchSecrets(for: plan)
      fetched = secrets
      checked.redact(secrets.needles)
      checked.reading = try await readAgain(with: secrets, checked, on: host)
    }
    let plan = try await keepingNames(try await complete(plan, checked, on: host), checked, on: host)
    let secrets: FetchedSecrets
    if let fetched { secrets = fetched } else { secrets = try await fetchSecrets(for: plan) }
    checked.redact(secrets.needles)
    // What the host says of its services is known by now.
    if let exposed = secrets.exposure(by: plan) { throw .refused(.secrets([exposed])) }
    return Preparation(plan: plan, check: checked.check, observed: checked.observed, secrets: secrets)
  }

  private func prepare(
    _ request: RollbackRequest, _ checked: CheckedHost, on host: RemoteHost
  ) async throws(PreparationFailure) -> Preparation {
    let target = request.target
    guard let observed = checked.observed else {
      let what = "could not list the containers on \(target.host)"
      throw .refused(.validation([Problem(.host, what, nextStep: "ktrdr doctor \(target.name)")]))
    }
    if request.destination == .lastGood { try await refuseToGuess(request, checked) }
    let decision = try await decide(request, observed, checked)
    progress(.explanation(decision.explanation))
    let unknown = checked.reading.problems(for: target, wanted: decision.plan.services.map(\.value))
    guard unknown.isEmpty else { throw .refused(.validation(unknown)) }
    let preparation = try await settle(decision.plan, checked, on: host)
    if request.destination == .lastGood, let stranger = preparation.plan.stranger {
      throw .refused(
        .nothingToRollBackTo(
          [stranger], nextStep: "choose an image: ktrdr rollback \(target.name) --to TAG|DEPLOYMENT"))
    }
    let sources =
      decision.sources.isEmpty ? try await good(before: decision.plan.undoes, request.target) : decision.sources
    let changes = RollbackExplanation.changes(
      since: sources, secrets: preparation.secrets.versions, composeDigest: checked.check.composeDigest)
    for change in changes { progress(.warning(change)) }
    return preparation
  }

  /// The plan with what Compose makes of the files, unless something about them stands in its way.
  private func complete(
    _ plan: Plan, _ checked: CheckedHost, on host: RemoteHost
  ) async throws(PreparationFailure) -> Plan {
    var plan = plan
    plan.hostProfiles = checked.check.hostProfiles
    guard let project = checked.reading.project else {
      let unreadable = checked.reading.problems(for: plan.target)
      guard unreadable.isEmpty else { throw .refused(.validation(unreadable)) }
      return plan
    }
    plan.project = project.tagged(plan.tag, mark: checked.reader.tagMark)
    if let former = try await past(of: plan.target, checked) { progress(.warning(former)) }
    plan.addDependents(in: project, observed: checked.observed)
    await keepTags(of: &plan, checked)
    plan.jobsLeftOut = plan.kind == .deploy ? project.jobsLeftOut(by: plan.covered) : []
    let unset: [String] = if case .read(_, let names) = checked.reading { names } else { [] }
    let facts: StackFacts
    do throws(HostError) {
      facts = try await StackFacts.gather(
        for: plan, project, unset: unset, observed: checked.observed, files: checked.check.files,
        reader: checked.reader, on: host)
    } catch {
      throw .unreachable([])
    }
    let found = StackProblems(
      plan: plan, project: project, unset: unset, observed: checked.observed ?? .nothing, facts: facts)
    guard found.problems.isEmpty else { throw .refused(.validation(found.problems)) }
    for warning in found.warnings { progress(.warning(warning)) }
    if let others = checked.otherProjects { progress(.warning(others)) }
    return plan
  }

  /// What goes along with others keeps what the tag's variable had for it, also where its image does not follow the tag.
  private func keepTags(of plan: inout Plan, _ checked: CheckedHost) async {
    guard let ledger, let observed = checked.observed else { return }
    let records = RollbackRecords(ledger: ledger, target: plan.target.name.value, ids: HostImageIDs(observed))
    for name in plan.dependents where plan.fileTags[name] == nil {
      guard plan.project?.service(name)?.hasTagBesides == true else { continue }
      let tag = try? await records.variable(of: name, takesTag: false, in: observed)
      plan.fileTags[name] = (tag ?? nil).flatMap { try? ImageTag($0) }
    }
  }

  /// A service that is only started again keeps its image's name, and so its container.
  private func keepingNames(
    _ plan: Plan, _ checked: CheckedHost, on host: RemoteHost
  ) async throws(PreparationFailure) -> Plan {
    let names = plan.namesOfStopped(checked.observed ?? .nothing)
    guard !names.isEmpty else { return plan }
    var plan = plan
    do throws(HostError) {
      plan.keepNames(names, try await host.presentImages(names.values.sorted()))
    } catch {
      throw .unreachable([])
    }
    return plan
  }

  /// What the files say depends on a secret, so Compose gets all of them. What it prints is redacted as it comes.
  private func readAgain(
    with secrets: FetchedSecrets, _ checked: CheckedHost, on host: RemoteHost
  ) async throws(PreparationFailure) -> StackReader.Reading {
    await host.provide(
      DeploymentValues(environment: secrets.environment, login: secrets.login, pins: [], needles: secrets.needles))
    do throws(HostError) {
      return checked.reader.reading(of: try await host.model(checked.reader.withSecrets))
    } catch {
      throw .unreachable([])
    }
  }

  /// The deployment that was good before the one that a rollback undoes by removing services alone.
  private func good(before undone: Int64?, _ target: Target) async throws(PreparationFailure) -> [Deployment] {
    guard let ledger, let undone else { return [] }
    do throws(LedgerError) {
      let records = RollbackRecords(ledger: ledger, target: target.name.value)
      return try await records.lastSucceeded(before: undone).map { [$0] } ?? []
    } catch {
      throw .refused(.ledger(error))
    }
  }

  /// What the ledger does not have it cannot go back to: another ledger's deployment, or what runs in another place.
  private func refuseToGuess(_ request: RollbackRequest, _ checked: CheckedHost) async throws(PreparationFailure) {
    guard let ledger else { return }
    let name = request.target.name
    if HostTestimony(ledger: ledger, host: request.target.host).isOfAnother(checked.check) {
      throw .refused(
        .nothingToRollBackTo(
          ["another ledger has the last deployment of \(name), so this one does not know what ran before it"],
          nextStep: "go back with that ledger, or "
            + (try await hasRecord(of: name)
              ? "choose: ktrdr rollback \(name) --to TAG|DEPLOYMENT"
              : "run the version that you want: ktrdr deploy \(name) --tag TAG")))
    }
    // The files had another name when what runs was started: it would stay, and an older version would be started beside it.
    if checked.isPartlyElsewhere, let others = checked.otherProjects {
      throw .refused(
        .nothingToRollBackTo(
          [others],
          nextStep: "give the compose file its former name back: 'name:' at its top; or deploy under the new one, "
            + "and remove what runs under the other: ktrdr deploy \(name) --tag TAG"))
    }
    if let former = try await past(of: request.target, checked) {
      throw .refused(
        .nothingToRollBackTo(
          [former], nextStep: "deploy a version here first: ktrdr deploy \(name) --tag TAG"))
    }
  }

  private func hasRecord(of name: TargetName) async throws(PreparationFailure) -> Bool {
    do throws(LedgerError) {
      return try await ledger?.history(HistoryFilter(target: name.value, limit: 1)).isEmpty == false
    } catch {
      throw .refused(.ledger(error))
    }
  }

  /// That nothing of the target runs where the inventory says, and the ledger has it in another place.
  private func past(
    of target: Target, _ checked: CheckedHost
  ) async throws(PreparationFailure) -> String? {
    guard let ledger else { return nil }
    let isEmpty = checked.observed?.containers.isEmpty == true
    do throws(LedgerError) {
      return try await ledger.past(of: target, isEmpty: isEmpty, anchor: checked.check.lastAnchor)
    } catch {
      throw .refused(.ledger(error))
    }
  }

  private func decide(
    _ request: RollbackRequest, _ observed: Observation, _ checked: CheckedHost
  ) async throws(PreparationFailure) -> RollbackPlanner.Decision {
    guard let ledger else {
      throw .refused(.nothingToRollBackTo(["nothing has been recorded yet"], nextStep: "ktrdr deploy"))
    }
    do throws(DeployFailure) {
      let records = RollbackRecords(
        ledger: ledger, target: request.target.name.value, ids: HostImageIDs(observed))
      let planner = RollbackPlanner(
        request: request, records: records, running: observed, project: checked.reading.project,
        composeDigest: checked.check.composeDigest)
      return try await planner.decide()
    } catch {
      throw .refused(error)
    }
  }

  /// The services whose containers a deployment of everything leaves over, because the profile under which ktrdr brought
  /// them is no longer asked for. What the host's own settings or somebody's hands brought is left alone.
  private func leftOver(by plan: Plan, _ observed: Observation?) async -> [String] {
    guard plan.isWhole, let project = plan.project, let ledger else { return [] }
    let records = RollbackRecords(ledger: ledger, target: plan.target.name.value)
    var found: [String] = []
    for service in observed?.services ?? [] where !plan.servicesOnHost.contains(service) {
      guard let profiles = project.service(service)?.profiles, !profiles.isEmpty,
        let newest = try? await records.history(of: service).first(where: { $0.mayHaveStarted(service) }),
        newest.deployment.start.profiles.contains(where: profiles.contains)
      else { continue }
      found.append(service)
    }
    return found
  }

  private func fetchSecrets(for plan: Plan) async throws(PreparationFailure) -> FetchedSecrets {
    let fetched: FetchedSecrets
    do throws(OnePasswordError) {
      fetched = try await FetchedSecrets.fetch(plan, from: secrets, progress: progress)
    } catch {
      throw .refused(.secrets([SecretNeeds([plan.target], registries: plan.registries).problem(error)]))
    }
    guard fetched.refused.isEmpty else { throw .refused(.secrets(fetched.refused)) }
    if let exposed = fetched.exposure(by: plan) { throw .refused(.secrets([exposed])) }
    for name in fetched.needles.tooShort {
      progress(.warning("the value of \(name) is too short to be redacted from output"))
    }
    return fetched
  }
}
