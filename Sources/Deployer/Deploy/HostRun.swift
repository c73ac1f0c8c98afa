import Ledger

/// One deployment over one connection, from the lock to the last look. It changes the host; what it saw, it records.
struct HostRun {
  let plan: Plan
  let script: RemoteScript
  let session: RemoteSession
  let secrets: FetchedSecrets
  let recorder: Recorder
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  /// What is known when it is over. `isCut`: the connection ended while the host may have been changing.
  struct Result: Sendable {
    var ending: Ending
    var before: Observation?
    var after: Observation?
    var isCut = false
    var changed = false
  }

  private var services: [String] { plan.services.map(\.value) }
  private var profiles: [String] { plan.profiles.map(\.value) }

  /// Runs every step. Throws when the ledger cannot take a step: nothing further is begun then.
  func perform() async throws(LedgerError) -> Result {
    var result = Result(ending: .succeeded)
    await session.send(script.values(environment: secrets.environment, login: secrets.login))
    if let ending = try await takeLock() {
      result.ending = ending
      return result
    }
    guard let looked = await session.call(script.look()), let before = Observation(looked) else {
      result.ending = .failed("\(plan.target.host) could not say what runs there; nothing was changed")
      return result
    }
    result.before = before
    if let ending = try await pull() ?? stopped("before anything was changed") {
      result.ending = ending
      result.after = before
      return result
    }
    result.changed = true
    let up = try await call(script.up(services: services, profiles: profiles))
    guard let up else {
      result.isCut = true
      return result
    }
    try await settle(after: up, into: &result)
    if stop.signal != nil, !result.isCut {
      let truth = result.ending.outcome == .succeeded ? "the services are up and healthy" : result.ending.reason ?? ""
      result.ending = Ending(outcome: .cancelled, reason: "stopped by the operator after 'up' had begun; \(truth)")
    }
    return result
  }

  /// Waits for health, looks a last time, lets go of the lock.
  private func settle(after up: [FinishedStep], into result: inout Result) async throws(LedgerError) {
    let failure = up.first { $0.name == "up" && $0.status != 0 }
    let watch = HealthWatch(plan: plan, script: script, session: session, progress: progress)
    guard let health = await watch.wait(before: result.before, onlyOnce: failure != nil) else {
      result.isCut = true
      return
    }
    try await recorder.step(health.step)
    result.after = health.last
    if case .unhealthy(_, let container?, _) = health.verdict {
      _ = try await call(script.logs(container: container, lines: 30))
    }
    result.ending = health.ending(upFailure: failure, plan: plan)
    _ = await session.call(script.unlock())
  }

  private func takeLock() async throws(LedgerError) -> Ending? {
    let events = await session.call(script.lock(owner: "\(plan.operator), deployment \(recorder.id)"))
    for case .fact("lock", let fields) in events ?? [] {
      switch fields.first {
      case "taken": return nil
      case "held":
        let holder = fields.count > 1 ? fields[1] : "somebody"
        return .failed("\(HostRun.heldPrefix)\(holder); nothing was changed")
      default:
        return .failed("\(plan.target.directory) on \(plan.target.host) cannot be locked; nothing was changed")
      }
    }
    return .failed("the connection to \(plan.target.host) was lost before anything was changed")
  }

  /// How the reason begins when another deployment holds the host.
  static let heldPrefix = "the host is locked by "

  private func pull() async throws(LedgerError) -> Ending? {
    guard let steps = try await call(script.pull(services: services, profiles: profiles)) else {
      return .failed("the connection to \(plan.target.host) was lost during pull; nothing was changed")
    }
    guard let pull = steps.first(where: { $0.name == "pull" }) else {
      return .failed("\(plan.target.host) has no writable tmpfs for the registry's login; nothing was changed")
    }
    let output = pull.output.joined(separator: "\n")
    guard pull.status == 0 else { return .failed(PullFailure.classify(output).reason(plan: plan)) }
    let unset = UnsetVariables.named(in: output)
    guard unset.isEmpty else {
      return .failed(
        "Compose says that \(unset.joined(separator: ", ")) is not set; add it to the inventory. Nothing was changed")
    }
    return nil
  }

  private func stopped(_ when: String) -> Ending? {
    stop.signal == nil ? nil : Ending(outcome: .cancelled, reason: "stopped by the operator \(when)")
  }

  /// Calls the script, tells and records each step as it ends; `nil` when the connection ended on the way.
  private func call(_ text: [UInt8]) async throws(LedgerError) -> [FinishedStep]? {
    var log = StepLog()
    var ended: [FinishedStep] = []
    var recorded = 0
    var failure: LedgerError?
    var redactor = Redactor(secrets.needles)
    let answer = await session.call(text) { event in
      switch event {
      case .begin(let step): progress(.stepBegan(step))
      case .output(let line):
        let shown = redactor.push(Array((line + "\n").utf8))
        if !shown.isEmpty { progress(.output(String(decoding: shown, as: UTF8.self))) }
      default: break
      }
      guard let step = log.take(event) else { return }
      ended.append(step)
      progress(.stepEnded(step.name, status: step.status ?? 255, milliseconds: step.milliseconds))
      guard failure == nil else { return }
      do throws(LedgerError) {
        try await recorder.step(step)
        recorded += 1
      } catch { failure = error }
    }
    let rest = redactor.finish()
    if !rest.isEmpty { progress(.output(String(decoding: rest, as: UTF8.self))) }
    if answer == nil, let cut = log.cutOff() { try await recorder.step(cut) }
    if let failure { throw failure }
    return answer == nil ? nil : ended
  }
}
