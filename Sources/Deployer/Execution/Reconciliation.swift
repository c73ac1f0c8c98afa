import Ledger

/// After a connection died while the host may have been changing: connects once more and looks what runs.
struct Reconciliation: Sendable {
  let plan: Plan
  let environment: [String: String]
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  /// What came of it.
  private enum Look: Sendable {
    /// `up`, or the shell that ran it, still had the lock.
    case busy
    /// The connection ended again, or Docker did not answer.
    case nothing
    case seen(HealthWatch.Result)
  }

  /// The outcome that was seen, or `unknown`: it is never guessed.
  func ending(lost: SSHFailure, before: Observation?) async -> (Ending, Observation?) {
    let cut = "\(lost.what(host: plan.target.host)) during 'up'"
    let next = "look with: ktrdr status \(plan.target.name)"
    progress(.warning("\(cut); connecting again to look what runs"))
    let connection = TargetConnection(target: plan.target, environment: environment)
    let held = try? await connection.hold { session, script -> Look in
      await session.send(script.prologue())
      if let refused = await takeLock(session, script) { return refused }
      let watch = HealthWatch(plan: plan, script: script, session: session, stop: stop, progress: progress)
      return await watch.wait(before: before, onlyOnce: false).map(Look.seen) ?? .nothing
    }
    switch held?.value {
    case .seen(let seen): return (told(Self.judge(seen, cut: cut, plan: plan)), seen.last)
    case .busy:
      return (Ending(outcome: .unknown, reason: "\(cut), and the host's lock was still held; \(next)"), nil)
    case .nothing, nil:
      return (Ending(outcome: .unknown, reason: "\(cut), and it could not be asked again; \(next)"), nil)
    }
  }

  /// `up` goes on after the connection died; it holds the lock until it has ended, and its shell until it finds out that
  /// nobody is there. `nil` when the lock was taken.
  private func takeLock(_ session: RemoteSession, _ script: RemoteScript) async -> Look? {
    let clock = ContinuousClock()
    let deadline = clock.now + plan.target.healthTimeout + .seconds(script.idleLimit)
    while clock.now < deadline, stop.signal == nil {
      guard let events = await session.call(script.lock(owner: "\(plan.operator), looking again")) else {
        return .nothing
      }
      if events.contains(where: { if case .fact("lock", let fields) = $0 { fields.first == "taken" } else { false } }) {
        return nil
      }
      try? await Task.sleep(for: .milliseconds(500))
    }
    return .busy
  }

  /// What the inventory asks for is not done over a connection that may go again: whoever reads the reason must know.
  private func told(_ ending: Ending) -> Ending {
    guard ending.outcome == .failed, plan.target.rollbackOnFailure, plan.kind == .deploy else { return ending }
    let next = "ktrdr rollback \(plan.target.name)"
    return .failed("\(ending.reason ?? ""); nothing was rolled back after the lost connection: \(next)")
  }

  /// Succeeded means: every service is healthy, and each runs the image that it was to run.
  static func judge(_ seen: HealthWatch.Result, cut: String, plan: Plan) -> Ending {
    let after = "the connection was lost during 'up'; a second look found"
    guard seen.verdict == .healthy else {
      return .failed("\(after) that it is not healthy: \(seen.ending(upFailure: nil, plan: plan).reason ?? "")")
    }
    for pin in plan.pins where seen.last.image(of: pin.service.value)?.id != pin.imageID {
      return .failed("\(after) that \(pin.service) does not run \(pin.reference)")
    }
    let covered = seen.last.containers.filter { container in
      plan.services.isEmpty || plan.services.contains { $0.value == container.service }
    }
    guard !plan.pins.isEmpty || covered.contains(where: { ImageName($0.reference).tag == plan.tag.value }) else {
      return .failed("\(after) no service that runs \(plan.tag)")
    }
    let stale = seen.last.services.filter { plan.leftOver.contains($0) }
    guard stale.isEmpty else { return .failed("\(after) that \(stale.joined(separator: ", ")) still runs") }
    return Ending(outcome: .succeeded, reason: "\(after) everything up and healthy")
  }
}
