import Ledger

/// One deployment over one connection, from the lock to the last look. It changes the host; what it saw, it records.
struct HostRun {
  let survey: Survey
  var script: RemoteScript
  let steps: StepCaller
  let session: RemoteSession
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  /// What is known when it is over.
  struct Result: Sendable {
    var ending: Ending
    var before: Observation?
    var after: Observation?
    /// The connection ended while the host may have been changing.
    var isCut = false
    /// The host was told to change.
    var changed = false
    /// Another deployment held the host's lock.
    var wasLocked = false
    /// The step that has just ended, and is recorded together with what follows it: nothing happens on the host between.
    var held: FinishedStep?
  }

  private var plan: Plan { survey.plan }
  private var services: [String] { plan.services.map(\.value) }
  private var profiles: [String] { plan.profiles.map(\.value) }

  init(
    survey: Survey, script: RemoteScript, session: RemoteSession, recorder: Recorder, stop: StopSignal,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.survey = survey
    self.script = script
    self.session = session
    self.stop = stop
    self.progress = progress
    steps = StepCaller(session: session, recorder: recorder, needles: survey.secrets.needles, progress: progress)
    self.script.pins = survey.plan.pins
    if !survey.plan.pins.isEmpty { self.script.composeFiles = survey.check.files }
  }

  /// Runs every step. Throws when the ledger cannot take a step: nothing further is begun then.
  func perform() async throws(LedgerError) -> Result {
    var result = Result(ending: .succeeded)
    session.redact(survey.secrets.needles)
    var values = script.values(environment: survey.secrets.environment, login: survey.secrets.login)
    await session.send(values)
    values.wipe()
    let lock = HostLock(session: session, script: script, plan: plan, stop: stop, progress: progress)
    var seen: Observation?
    switch await lock.take(deployment: steps.recorder.id) {
    case .taken(let isUnchanged): seen = isUnchanged ? survey.seen : nil
    case .refused(let ending, let isHeld):
      result.ending = ending
      result.wasLocked = isHeld
      return result
    }
    if seen == nil { seen = await session.look(script) }
    guard let before = seen else {
      result.ending = .failed("\(plan.target.host) could not say what runs there; nothing was changed")
      return result
    }
    result.before = before
    if let ending = try await prepare(before, into: &result) ?? stopped() {
      result.ending = ending
      result.after = before
      return result
    }
    try await change(into: &result)
    if stop.signal != nil, result.changed, !result.isCut {
      let truth = result.ending.outcome == .succeeded ? "the services are up and healthy" : result.ending.reason ?? ""
      result.ending = Ending(outcome: .cancelled, reason: "stopped by the operator after 'up' had begun; \(truth)")
    }
    return result
  }

  /// Everything that can fail without harm, done before anything stops: above all, every image is on the host.
  private func prepare(_ before: Observation, into result: inout Result) async throws(LedgerError) -> Ending? {
    if let ending = stopped() { return ending }
    if plan.kind == .rollback, let seen = survey.seen,
      services.contains(where: { seen.image(of: $0)?.id != before.image(of: $0)?.id })
    {
      return .failed("what runs has changed since the rollback was chosen; nothing was changed: look and try again")
    }
    var missing = services
    if !plan.pins.isEmpty {
      let answer = await session.call(script.images(plan.pins.map(\.reference)))
      let present = (answer ?? []).compactMap { event -> String? in
        if case .fact("image", let fields) = event, fields.first == "present" { fields.last } else { nil }
      }
      missing.removeAll { service in
        plan.pins.contains { $0.service.value == service && present.contains($0.reference) }
      }
      if missing.isEmpty { return try await readConfiguration(into: &result) }
    }
    return try await pull(missing, into: &result)
  }

  private func pull(_ services: [String], into result: inout Result) async throws(LedgerError) -> Ending? {
    let request = script.pull(services: services, profiles: profiles)
    guard let ended = try await steps.call(request, holding: StepName.pull) else {
      return .failed("the connection to \(plan.target.host) was lost during pull; nothing was changed")
    }
    guard let pull = ended.first(where: { $0.name == StepName.pull }) else {
      return .failed("\(plan.target.host) has no writable tmpfs for the registry's login; nothing was changed")
    }
    result.held = pull
    let output = pull.output.joined(separator: "\n")
    guard pull.status == 0 else { return .failed(PullFailure.classify(output).reason(plan: plan)) }
    return refusal(ofWarnings: output)
  }

  /// Nothing needs to be pulled: Compose still says whether its files can be read and every variable is set.
  private func readConfiguration(into result: inout Result) async throws(LedgerError) -> Ending? {
    let request = script.config(profiles: profiles)
    guard let step = try await steps.call(request, holding: StepName.config)?.first else {
      return .failed("the connection to \(plan.target.host) was lost before anything was changed")
    }
    result.held = step
    let output = step.output.joined(separator: "\n")
    guard step.status == 0 else {
      let line = step.output.last { !$0.trimmed.isEmpty } ?? "no output"
      return .failed("Compose cannot read the files of \(plan.target.name): \(line.prefix(200)); nothing was changed")
    }
    return refusal(ofWarnings: output)
  }

  private func refusal(ofWarnings output: String) -> Ending? {
    let unset = UnsetVariables.named(in: output)
    guard !unset.isEmpty else { return nil }
    return .failed(
      "Compose says that \(unset.joined(separator: ", ")) is not set; add it to the inventory. Nothing was changed")
  }

  private func change(into result: inout Result) async throws(LedgerError) {
    try await steps.mark(StepName.changing, after: result.held)
    result.held = nil
    if let ending = stopped() {
      result.ending = ending
      result.after = result.before
      return
    }
    result.changed = true
    guard let up = try await steps.call(script.up(services: services, profiles: profiles)) else {
      result.isCut = true
      return
    }
    let failure = up.first { $0.name == StepName.up && $0.status != 0 }
    let watch = HealthWatch(plan: plan, script: script, session: session, stop: stop, progress: progress)
    let leftAlone = failure == nil && result.before.map { UpReport(up).leftAlone($0.only(plan.covered)) } ?? false
    guard let health = await watch.wait(before: result.before, onlyOnce: failure != nil, wasTouched: !leftAlone)
    else {
      result.isCut = !session.isConnected
      if session.isConnected {
        let what = "Docker on \(plan.target.host) does not answer any more, so nobody knows what runs"
        result.ending = Ending(outcome: .unknown, reason: "\(what); look with: ktrdr status \(plan.target.name)")
      }
      return
    }
    result.held = health.step
    result.after = health.last
    result.ending = health.ending(upFailure: failure, plan: plan)
    if case .unhealthy(_, let container?, _) = health.verdict {
      try await recordHeld(in: &result)
      _ = try await steps.call(script.logs(container: container, lines: 30))
    }
    if result.ending.outcome == .succeeded, !plan.leftOver.isEmpty { try await scaleDown(into: &result) }
  }

  /// For where something more is to happen on the host.
  private func recordHeld(in result: inout Result) async throws(LedgerError) {
    guard let step = result.held else { return }
    result.held = nil
    try await steps.recorder.record([step])
  }

  /// Stops and removes the containers that no longer belong, once the others are healthy.
  private func scaleDown(into result: inout Result) async throws(LedgerError) {
    let ids = (result.after?.containers ?? []).filter { plan.leftOver.contains($0.service) }.map(\.id)
    guard !ids.isEmpty else { return }
    try await recordHeld(in: &result)
    guard let ended = try await steps.call(script.remove(containers: ids)) else {
      result.isCut = true
      return
    }
    if let look = await session.look(script) { result.after = look }
    if let failed = ended.first(where: { $0.status != 0 }) {
      let line = failed.output.last { !$0.trimmed.isEmpty } ?? "no output"
      result.ending = .failed("the services are up, but \(plan.leftOver.joined(separator: ", ")) did not go: \(line)")
    }
  }

  /// How it ends where the operator wants to stop and `up` has not been sent.
  private func stopped() -> Ending? {
    stop.signal == nil
      ? nil : Ending(outcome: .cancelled, reason: "stopped by the operator before anything was changed")
  }
}
