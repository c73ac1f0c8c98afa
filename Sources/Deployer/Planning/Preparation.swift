import Ledger

/// All that is found out before a deployment begins: nothing has been changed or recorded yet.
struct Survey: Sendable {
  var plan: Plan
  var check: HostCheck
  /// What ran; `nil` where the host could not look.
  var seen: Observation?
  var secrets: FetchedSecrets

  /// Why there is no survey.
  enum Refusal: Error, Sendable {
    case refused(DeployFailure)
    /// The connection never answered; 1Password's own problems, if any.
    case unreachable([Problem])
  }
}

/// Looks at the host, chooses what a rollback goes to, and fetches the secrets, over one connection.
struct Surveyor: Sendable {
  let secrets: SecretStore
  /// `nil` where nothing has ever been recorded.
  let ledger: DeploymentLedger?
  let validates: Bool
  let progress: @Sendable (Progress) -> Void
  /// What else stands in the way on a host that was found fit, before anything secret is asked for.
  var objection: @Sendable (HostCheck) async -> DeployFailure? = { _ in nil }

  func survey(
    _ request: DeployRequest, over session: RemoteSession, _ script: RemoteScript
  ) async throws(Survey.Refusal) -> Survey {
    async let usable = validates ? problemsOfSecrets() : []
    let known = await ledger?.knownDigests(of: request.target) ?? [:]
    let question = script.check(
      variables: request.target.variableNames, profiles: request.profiles, ledger: ledger?.id ?? "",
      knowing: Array(known.keys))
    let found = await session.call(script.prologue() + question)
    let problems = await usable
    let check = HostCheck(found, target: request.target, wanted: request.services)
    let seen = await session.complete(found.flatMap(Observation.init), script, knowing: known)
    if !session.isConnected, validates || request.isRollback { throw .unreachable(problems) }
    if validates, !(check.problems + problems).isEmpty {
      throw .refused(check.problems.isEmpty ? .secrets(problems) : .validation(check.problems + problems))
    }
    if let failure = await objection(check) { throw .refused(failure) }
    switch request {
    case .deploy(var plan):
      plan.servicesOnHost = check.services.isEmpty ? plan.target.services.map(\.value) : check.services
      plan.leftOver = await leftOver(of: plan, seen, session, script)
      return Survey(plan: plan, check: check, seen: seen, secrets: try await fetch(plan))
    case .rollback(let request):
      guard let seen else {
        let what = "\(request.target.host) could not say what runs there"
        throw .refused(.validation([Problem(.host, what, nextStep: "ktrdr doctor \(request.target.name)")]))
      }
      let decision = try await decide(request, seen)
      progress(.explanation(decision.explanation))
      let unknown = check.unknown(decision.plan.services.map(\.value), target: request.target)
      guard unknown.isEmpty else { throw .refused(.validation(unknown)) }
      let secrets = try await fetch(decision.plan)
      let changes = RollbackExplanation.changes(
        since: decision.sources, secrets: secrets.versions, composeDigest: check.composeDigest)
      for change in changes { progress(.warning(change)) }
      return Survey(plan: decision.plan, check: check, seen: seen, secrets: secrets)
    }
  }

  private func decide(
    _ request: RollbackRequest, _ seen: Observation
  ) async throws(Survey.Refusal) -> RollbackPlanner.Decision {
    guard let ledger else {
      throw .refused(.nothingToRollBackTo(["nothing has been recorded yet", "  next: ktrdr deploy"]))
    }
    do throws(DeployFailure) {
      let records = RollbackRecords(ledger: ledger, target: request.target.name.value)
      return try await RollbackPlanner(request: request, records: records, running: seen).decide()
    } catch {
      throw .refused(error)
    }
  }

  /// The services whose containers a deployment of everything leaves over, because their profiles are no longer asked for.
  private func leftOver(
    of plan: Plan, _ seen: Observation?, _ session: RemoteSession, _ script: RemoteScript
  ) async -> [String] {
    guard plan.services.isEmpty, !plan.target.profiles.isEmpty, !plan.servicesOnHost.isEmpty else { return [] }
    let others = (seen?.services ?? []).filter { !plan.servicesOnHost.contains($0) }
    guard !others.isEmpty else { return [] }
    let every = HostCheck.everyService(await session.call(script.everyService()) ?? [])
    return others.filter(every.contains)
  }

  private func fetch(_ plan: Plan) async throws(Survey.Refusal) -> FetchedSecrets {
    let fetched: FetchedSecrets
    do throws(OnePasswordError) {
      fetched = try await FetchedSecrets.fetch(plan, from: secrets, progress: progress)
    } catch {
      throw .refused(.secrets([Problem(.secrets, error.what, nextStep: error.nextStep)]))
    }
    guard fetched.refused.isEmpty else { throw .refused(.secrets(fetched.refused)) }
    if let exposed = fetched.exposure(by: plan) { throw .refused(.secrets([exposed])) }
    for name in fetched.needles.tooShort {
      progress(.warning("the value of \(name) is too short to be recognised in output"))
    }
    return fetched
  }

  private func problemsOfSecrets() async -> [Problem] {
    do throws(OnePasswordError) {
      try await secrets.checkUsable()
      return []
    } catch {
      return [Problem(.secrets, error.what, nextStep: error.nextStep)]
    }
  }
}
