import Ledger

/// Checks the host, chooses what a rollback goes to, and fetches the secrets, over one connection.
struct Preparer: Sendable {
  let secrets: SecretStore
  /// `nil` if nothing has ever been recorded.
  let ledger: DeploymentLedger?
  /// False leaves out the checks of host and 1Password.
  let validates: Bool
  let progress: @Sendable (Progress) -> Void
  /// What else stands in the way on a host that passed its check. Asked before any secret is fetched.
  var objection: @Sendable (HostCheck) async -> DeployFailure? = { _ in nil }

  func prepare(_ request: DeployRequest, on host: RemoteHost) async throws(PreparationFailure) -> Preparation {
    let answer = try await check(request, on: host)
    switch request {
    case .deploy(var plan):
      let listed = answer.check.services
      plan.servicesOnHost = listed.isEmpty ? plan.target.services.map(\.value) : listed
      plan.leftOver = await leftOver(by: plan, answer.observed, host)
      let secrets = try await fetchSecrets(for: plan)
      return Preparation(plan: plan, check: answer.check, observed: answer.observed, secrets: secrets)
    case .rollback(let request):
      return try await prepareRollback(request, answer)
    }
  }

  /// Host and 1Password are checked side by side, and every problem is reported at once.
  private func check(_ request: DeployRequest, on host: RemoteHost) async throws(PreparationFailure) -> CheckAnswer {
    async let usable = validates ? problemsOfOnePassword() : []
    let question = CheckRequest(
      variables: request.target.variableNames, profiles: request.profiles, ledger: ledger?.id ?? "",
      knownDigests: await ledger?.knownDigests(of: request.target) ?? [:])
    var answer: CheckAnswer?
    do throws(HostError) { answer = try await host.check(question) } catch {}
    let problemsOfSecrets = await usable
    if answer == nil, validates || request.isRollback { throw .unreachable(problemsOfSecrets) }
    let found = answer ?? CheckAnswer(check: HostCheck(), observed: nil)
    if validates {
      let problems = found.check.problems(for: request.target, wanted: request.services)
      guard problems.isEmpty else { throw .refused(.validation(problems + problemsOfSecrets)) }
      guard problemsOfSecrets.isEmpty else { throw .refused(.secrets(problemsOfSecrets)) }
    }
    if let failure = await objection(found.check) { throw .refused(failure) }
    return found
  }

  private func prepareRollback(
    _ request: RollbackRequest, _ answer: CheckAnswer
  ) async throws(PreparationFailure) -> Preparation {
    let target = request.target
    guard let observed = answer.observed else {
      let what = "could not list the containers on \(target.host)"
      throw .refused(.validation([Problem(.host, what, nextStep: "ktrdr doctor \(target.name)")]))
    }
    let decision = try await decide(request, observed)
    progress(.explanation(decision.explanation))
    let unknown = answer.check.unknownServices(among: decision.plan.services.map(\.value), of: target)
    guard unknown.isEmpty else { throw .refused(.validation(unknown)) }
    let secrets = try await fetchSecrets(for: decision.plan)
    let changes = RollbackExplanation.changes(
      since: decision.sources, secrets: secrets.versions, composeDigest: answer.check.composeDigest)
    for change in changes { progress(.warning(change)) }
    return Preparation(plan: decision.plan, check: answer.check, observed: observed, secrets: secrets)
  }

  private func decide(
    _ request: RollbackRequest, _ observed: Observation
  ) async throws(PreparationFailure) -> RollbackPlanner.Decision {
    guard let ledger else {
      throw .refused(.nothingToRollBackTo(["nothing has been recorded yet"], nextStep: "ktrdr deploy"))
    }
    do throws(DeployFailure) {
      let records = RollbackRecords(ledger: ledger, target: request.target.name.value)
      return try await RollbackPlanner(request: request, records: records, running: observed).decide()
    } catch {
      throw .refused(error)
    }
  }

  /// The services whose containers a deployment of everything leaves over, because their profiles are no longer asked for.
  private func leftOver(by plan: Plan, _ observed: Observation?, _ host: RemoteHost) async -> [String] {
    guard plan.services.isEmpty, !plan.target.profiles.isEmpty, !plan.servicesOnHost.isEmpty else { return [] }
    let others = (observed?.services ?? []).filter { !plan.servicesOnHost.contains($0) }
    guard !others.isEmpty, let every = try? await host.listAllServices() else { return [] }
    return others.filter(every.contains)
  }

  private func fetchSecrets(for plan: Plan) async throws(PreparationFailure) -> FetchedSecrets {
    let fetched: FetchedSecrets
    do throws(OnePasswordError) {
      fetched = try await FetchedSecrets.fetch(plan, from: secrets, progress: progress)
    } catch {
      throw .refused(.secrets([Problem(.secrets, error.what, nextStep: error.nextStep)]))
    }
    guard fetched.refused.isEmpty else { throw .refused(.secrets(fetched.refused)) }
    if let exposed = fetched.exposure(by: plan) { throw .refused(.secrets([exposed])) }
    for name in fetched.needles.tooShort {
      progress(.warning("the value of \(name) is too short to be redacted from output"))
    }
    return fetched
  }

  private func problemsOfOnePassword() async -> [Problem] {
    do throws(OnePasswordError) {
      try await secrets.checkUsable()
      return []
    } catch {
      return [Problem(.secrets, error.what, nextStep: error.nextStep)]
    }
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
