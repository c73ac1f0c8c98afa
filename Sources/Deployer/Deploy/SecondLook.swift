import Ledger

/// After a connection died while the host may have been changing: connects once more and looks what runs.
struct SecondLook: Sendable {
  let plan: Plan
  let environment: [String: String]
  let progress: @Sendable (Progress) -> Void

  /// The outcome that was seen, or `unknown`: it is never guessed.
  func ending(lost: SSHFailure, before: Observation?) async -> (Ending, Observation?) {
    let cut = "\(lost.what(host: plan.target.host)) during 'up'"
    progress(.warning("\(cut); connecting again to look what runs"))
    let connection = TargetConnection(target: plan.target, environment: environment)
    let held = try? await connection.hold { session, script -> HealthWatch.Result? in
      await session.send(script.prologue())
      guard await waitForLock(session, script) else { return nil }
      let watch = HealthWatch(plan: plan, script: script, session: session, stop: StopSignal(), progress: progress)
      return await watch.wait(before: before, onlyOnce: false)
    }
    guard let seen = held?.value else {
      return (Ending(outcome: .unknown, reason: "\(cut), and it could not be asked again: see 'ktrdr status'"), nil)
    }
    return (Self.judge(seen, cut: cut, plan: plan), seen.last)
  }

  /// `up` goes on after the connection died; it holds the lock until it has ended.
  private func waitForLock(_ session: RemoteSession, _ script: RemoteScript) async -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + plan.target.healthTimeout
    while clock.now < deadline {
      guard let events = await session.call(script.lock(owner: "\(plan.operator), looking again")) else { return false }
      if events.contains(.fact(name: "lock", fields: ["taken"])) { return true }
      try? await Task.sleep(for: .milliseconds(500))
    }
    return false
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
