import Ledger

/// One deployment over one connection, from the host's lock to the last observation. It changes the host and records what
/// it sees.
struct HostRun {
  private let preparation: Preparation
  private let host: RemoteHost
  private let recorder: Recorder
  private let context: DeploymentContext
  private let observer: StepObserver

  /// What ran before; `nil` until that is known under the lock.
  private var before: Observation?
  private var after: Observation?
  private var hostChanged = false

  private var plan: Plan { preparation.plan }

  init(preparation: Preparation, host: RemoteHost, recorder: Recorder, context: DeploymentContext) {
    self.preparation = preparation
    self.host = host
    self.recorder = recorder
    self.context = context
    let logsIn = !preparation.plan.registries.isEmpty
    observer = StepObserver(
      began: { context.progress(.stepBegan($0)) }, output: { context.progress(.output($0)) },
      pulled: { context.progress(.pulling($0)) },
      ended: { step in
        // Without a registry to log in to, the step only prepares an empty login file.
        if let status = step.status, logsIn || step.name != .login || status != 0 {
          context.progress(.stepEnded(step.name, status: status, milliseconds: step.milliseconds))
        }
        await recorder.stepEnded(step)
      })
  }

  /// Runs every step.
  mutating func perform() async -> DeploymentEnd {
    var end: DeploymentEnd
    do throws(RunFailure) {
      try await takeLock()
      try await fetchImages()
      end = try await change()
    } catch {
      end = error.end(of: plan, hostChanged: hostChanged)
    }
    end.before = before
    // Before anything changed, what ran before is what runs.
    end.after = hostChanged ? after : before
    end.hostChanged = hostChanged
    return end.cancelled(by: context.stop)
  }

  private mutating func takeLock() async throws(RunFailure) {
    await host.provide(preparation.values)
    let isUnchanged = try await HostLock(host: host, plan: plan, context: context)
      .take(deployment: recorder.deployment)
    // A rollback was chosen from what ran; a hand takes no lock.
    if isUnchanged, plan.kind == .deploy, let observed = preparation.observed {
      before = observed
    } else {
      before = try await observeSettled()
    }
    try refuseIfStopped()
  }

  /// Everything that can fail without harm, done before anything stops: above all, every image is on the host.
  private func fetchImages() async throws(RunFailure) {
    // Of any service: what the others run decides which change is taken back.
    if plan.kind == .rollback, let chosenFrom = preparation.observed, let before,
      Set(chosenFrom.services + before.services).contains(where: {
        chosenFrom.image(of: $0)?.id != before.image(of: $0)?.id
      })
    {
      throw .ended(
        .failed("what runs has changed since the rollback was chosen; nothing was changed: check and try again"))
    }
    let kept = try await pinnedServicesOnHost()
    let byName = plan.fetched.byName.filter { !kept.contains($0) }
    let orBuilt = plan.fetched.orBuilt.filter { !kept.contains($0) }
    if !byName.isEmpty { try await pull(byName) }
    for service in orBuilt { try await pullOrUseBuilt(service) }
    // Nothing has to be pulled: Compose still reports whether it can read its files with every value in place.
    if byName.isEmpty, orBuilt.isEmpty, !plan.onlyRemoves { try await readConfiguration() }
    try refuseIfStopped()
  }

  /// The services that are pinned to an image that the host has.
  private func pinnedServicesOnHost() async throws(RunFailure) -> [String] {
    guard !plan.pins.isEmpty else { return [] }
    let present = try await ask { [pins = plan.pins] host throws(HostError) in
      try await host.presentImages(pins.map(\.reference))
    }
    let lost = plan.lostImages(Set(present.keys)) + plan.movedNames(present)
    guard lost.isEmpty else { throw .ended(.failed("\(lost.joined(separator: "; ")); nothing was changed")) }
    return plan.pins.filter { present[$0.reference] != nil }.map(\.service.value)
  }

  /// A service that could be built as well may have an image that no registry knows.
  private func pullOrUseBuilt(_ service: String) async throws(RunFailure) {
    guard let (failure, reason) = try await tryToPull([service]) else { return }
    let image = images(of: [service]).first?.reference ?? ""
    let present = try await ask { host throws(HostError) in try await host.presentImages([image]) }
    guard present[image] != nil, [.noSuchTag, .noAccess, .loginRefused].contains(failure.cause) else {
      throw .ended(.failed(reason))
    }
    context.progress(
      .warning("no registry has \(image): \(service) runs the one that was built on \(plan.target.host)"))
  }

  private func pull(_ services: [String]) async throws(RunFailure) {
    if let (_, reason) = try await tryToPull(services) { throw .ended(.failed(reason)) }
  }

  /// Returns why it failed; `nil` if every image is on the host now.
  private func tryToPull(_ services: [String]) async throws(RunFailure) -> (failure: PullFailure, reason: String)? {
    let answer = try await ask { [scope = plan.scope(services), observer] host throws(HostError) in
      try await host.pull(scope, observer)
    }
    guard case .ended(let pull) = answer else {
      throw .ended(
        .failed("\(plan.target.host) has no writable tmpfs for the registry login; nothing was changed"))
    }
    let warnings = UnusedLogin.warnings(pull.hostLogins, plan: plan, images: images(of: services))
    for warning in warnings { context.progress(.warning(warning)) }
    guard pull.status != 0 else {
      try refuseIfEdited(pull)
      return nil
    }
    let failure = try await failure(of: pull, services)
    return (failure, failure.reason(plan: plan, hostLogins: pull.hostLogins))
  }

  private func images(of services: [String]) -> [(service: String, reference: String)] {
    plan.images.filter { services.contains($0.service) }
  }

  /// Docker does not always say which of several images it could not pull. Then each is pulled by itself until one fails.
  private func failure(of pull: FinishedStep, _ services: [String]) async throws(RunFailure) -> PullFailure {
    let failure = PullFailure.classify(pull.output.joined(separator: "\n"), images: images(of: services))
    guard failure.isVague, services.count > 1 else { return failure }
    for service in services {
      let answer = try await ask { [scope = plan.scope([service])] host throws(HostError) in
        try await host.pull(scope, StepObserver())
      }
      guard case .ended(let single) = answer, single.status != 0 else { continue }
      return PullFailure.classify(single.output.joined(separator: "\n"), images: images(of: [service]))
    }
    return failure
  }

  private func readConfiguration() async throws(RunFailure) {
    let step = try await ask { [scope = plan.scope([]), observer] host throws(HostError) in
      try await host.validate(scope, observer)
    }
    guard step.status == 0 else {
      let what = "Compose cannot read the files of \(plan.target.name)"
      throw .ended(.failed("\(what): \(step.lastLine.excerpt); nothing was changed"))
    }
    try refuseIfEdited(step)
  }

  /// What would start now is not what was planned and checked, and what would be recorded.
  private func refuseIfEdited(_ step: FinishedStep) throws(RunFailure) {
    guard let read = preparation.check.composeDigest, let now = step.composeDigest, now != read else { return }
    throw .ended(
      .failed(
        "the compose file of \(plan.target.name) was edited while the deployment was under way; nothing was changed: try again"
      ))
  }

  private mutating func change() async throws(RunFailure) -> DeploymentEnd {
    guard !plan.onlyRecords else { return .succeeded.adding(plan.unrestored + (try await illThoughUnchanged())) }
    try await record { [plan, before] recorder throws(LedgerError) in
      let seen = plan.isWhole ? before?.services ?? [] : []
      try await recorder.hostWillChange(from: before ?? .nothing, services: Set(plan.affected + seen).sorted())
    }
    try refuseIfStopped()
    hostChanged = true
    guard !plan.onlyRemoves else {
      after = before
      try await scaleDown()
      return .succeeded.adding(plan.unrestored + (try await illThoughUnchanged()))
    }
    let (output, failure) = try await up()
    // What Compose was stopping when it failed is about to end. Who cannot be asked now is asked once more below.
    if failure != nil { _ = try? await observeSettled() }
    let covered = before?.only(plan.covered).containers.map(\.name) ?? []
    let isUntouched = failure == nil && UpReport(output).leftAlone(covered)
    let watch = HealthWatch(plan: plan, host: host, context: context)
    let health = try await ask { [before] _ throws(HostError) in
      try await watch.wait(before: before, onlyOnce: failure != nil, isUntouched: isUntouched)
    }
    after = health.last
    await recorder.stepEnded(health.step)
    let end = health.end(upFailure: failure, plan: plan)
    guard end.outcome == .succeeded else {
      await fetchLog(health.verdict)
      throw .ended(end.adding(plan.notRemoved(from: health.last)))
    }
    try await scaleDown()
    return end.adding(plan.unrestored + (try await illThoughUnchanged()))
  }

  /// Starts what is covered, up to the first failure.
  private func up() async throws(RunFailure) -> (output: [String], failure: FinishedStep?) {
    var output: [String] = []
    var provided = plan.variableTag
    for (tag, request) in plan.ups(from: before ?? .nothing) {
      if tag != provided { await host.provide(preparation.values(tag)) }
      provided = tag
      let up = try await ask { [observer] host throws(HostError) in try await host.up(request, observer) }
      output += up.output
      if up.status != 0 { return (output, up) }
    }
    return (output, nil)
  }

  /// What is wrong with the services that stay as they are.
  private mutating func illThoughUnchanged() async throws(RunFailure) -> [String] {
    guard !plan.watchedToo.isEmpty else { return [] }
    let watch = HealthWatch(plan: plan, host: host, context: context, services: plan.watchedToo)
    let health = try await ask { [before] _ throws(HostError) in try await watch.wait(before: before, onlyOnce: false) }
    after = health.last
    await recorder.stepEnded(health.step)
    switch health.verdict {
    case .healthy: return []
    case .unhealthy(_, _, let reason): return ["\(reason), and stays as it is: its image did not change"]
    case .pending:
      return health.pending.map { "\($0) stays as it is: its image did not change, and it is not healthy" }
    }
  }

  private func fetchLog(_ verdict: Health) async {
    guard case .unhealthy(_, let container?, _) = verdict else { return }
    // The end is known already, so neither a ledger that takes no step nor a log that does not come changes it.
    guard (try? await recorder.flush()) != nil else { return }
    try? await host.logs(container, 30, observer)
  }

  /// Stops and removes the containers that no longer belong, once the others are healthy.
  private mutating func scaleDown() async throws(RunFailure) {
    let ids = (after?.containers ?? []).filter { plan.leftOver.contains($0.service) }.map(\.id)
    guard !ids.isEmpty else { return }
    try await record { recorder throws(LedgerError) in try await recorder.flush() }
    let step = try await ask { [observer] host throws(HostError) in try await host.remove(ids, observer) }
    let seen = try await ask { [plan] host throws(HostError) in try await host.observeStack(of: plan) }
    after = seen
    let left = plan.leftOver.filter(seen.services.contains)
    guard step.status == 0, left.isEmpty else {
      let names = (left.isEmpty ? plan.leftOver : left).joined(separator: ", ")
      let others = plan.covered.isEmpty ? "" : "the services are up, but "
      throw .ended(.failed("\(others)\(names) could not be removed: \(step.lastLine)"))
    }
  }

  private func observeSettled() async throws(RunFailure) -> Observation {
    try await ask { [plan, settled = context.settledHost] host throws(HostError) in
      try await settled.see({ () throws(HostError) in try await host.observeStack(of: plan, asksForSignals: true) })
    }
  }

  private func refuseIfStopped() throws(RunFailure) {
    guard context.stop.signal == nil else {
      throw .ended(.cancelled("stopped by the operator before anything was changed"))
    }
  }

  private func ask<Answer>(
    _ request: (RemoteHost) async throws(HostError) -> Answer
  ) async throws(RunFailure) -> Answer {
    do throws(HostError) { return try await request(host) } catch { throw .host(error) }
  }

  private func record(_ write: (Recorder) async throws(LedgerError) -> Void) async throws(RunFailure) {
    do throws(LedgerError) { try await write(recorder) } catch { throw .ledger(error) }
  }
}
