import Ledger

/// After a connection died while the host may have been changing: connects once more and looks what runs.
struct SecondLook: Sendable {
  let plan: Plan
  let ssh: Command
  let progress: @Sendable (Progress) -> Void

  /// The outcome that was seen, or `unknown`: it is never guessed.
  func ending(lost: SSHFailure, before: Observation?) async -> (Ending, Observation?) {
    let cut = "\(lost.what(host: plan.target.host)) during 'up'"
    progress(.warning("\(cut); connecting again to look what runs"))
    let nonce = Nonce()
    let script = RemoteScript(
      nonce: nonce, directory: plan.target.directory, composeFiles: plan.target.composeFiles)
    let held = try? await Conversations.hold(ssh) { conversation -> HealthWatch.Result? in
      let session = RemoteSession(conversation, nonce: nonce)
      await session.send(script.prologue())
      guard await waitForLock(session, script) else { return nil }
      let watch = HealthWatch(plan: plan, script: script, session: session, progress: progress)
      return await watch.wait(before: before, onlyOnce: false)
    }
    guard let seen = held?.0 else {
      return (Ending(outcome: .unknown, reason: "\(cut), and it could not be asked again: see 'ktrdr status'"), nil)
    }
    return (Self.judge(seen, cut: cut, plan: plan), seen.last)
  }

  /// `up` goes on after the connection died; it holds the lock until it has ended.
  private func waitForLock(_ session: RemoteSession, _ script: RemoteScript) async -> Bool {
    let clock = ContinuousClock()
    let begun = clock.now
    while clock.now - begun < plan.target.healthTimeout {
      guard let events = await session.call(script.lock(owner: "\(plan.operator), looking again")) else { return false }
      if events.contains(.fact(name: "lock", fields: ["taken"])) { return true }
      try? await Task.sleep(for: .milliseconds(500))
    }
    return false
  }

  /// Succeeded means: every service is healthy, and each that takes its image by the tag runs it.
  static func judge(_ seen: HealthWatch.Result, cut: String, plan: Plan) -> Ending {
    let after = "the connection was lost during 'up'; a second look found"
    guard seen.verdict == .healthy else {
      return .failed("\(after) that it is not healthy: \(seen.ending(upFailure: nil, plan: plan).reason ?? "")")
    }
    let tagged = seen.last.containers.filter { container in
      plan.services.isEmpty || plan.services.contains { $0.value == container.service }
    }
    guard tagged.contains(where: { ImageName($0.reference).tag == plan.tag.value }) else {
      return .failed("\(after) no service that runs \(plan.tag)")
    }
    return Ending(outcome: .succeeded, reason: "\(after) everything up and healthy")
  }
}
