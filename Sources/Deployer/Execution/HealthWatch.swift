import Ledger
import Platform

/// Looks at the host until the services are healthy, cannot become so, or the time is up.
struct HealthWatch {
  let plan: Plan
  let script: RemoteScript
  let session: RemoteSession
  let stop: StopSignal
  let progress: @Sendable (Progress) -> Void

  /// The pause between two looks. Compose's own `--wait` looks twice a second.
  static let pause = Duration.milliseconds(150)

  struct Result: Sendable {
    var verdict: Health
    var last: Observation
    var step: FinishedStep
    /// The operator did not want to wait until it was decided.
    var wasCutShort = false

    /// The deployment's ending, from this verdict and the step `up` if that failed.
    func ending(upFailure: FinishedStep?, plan: Plan) -> Ending {
      var reasons: [String] = []
      if let upFailure {
        let line = upFailure.output.last { !$0.trimmed.isEmpty } ?? "no output"
        reasons.append("up failed with status \(upFailure.status ?? 255): \(line.trimmed.prefix(200))")
      }
      if case .unhealthy(_, _, let reason) = verdict { reasons.append(reason) }
      guard reasons.isEmpty else { return .failed(reasons.joined(separator: "; ")) }
      guard verdict == .pending else { return .succeeded }
      guard !wasCutShort else { return .failed("it was not yet known whether the services become healthy") }
      return .failed("not healthy after \(plan.target.healthTimeout.text)")
    }
  }

  /// `nil` when the connection ended, or Docker on the host did not answer in the end: an older look says nothing about
  /// now. Whoever wants to stop gets the newest look. Where nothing `wasTouched`, the containers are the same as before.
  func wait(before: Observation?, onlyOnce: Bool, wasTouched: Bool = true) async -> Result? {
    let clock = ContinuousClock()
    let (begun, startedAt) = (clock.now, Date())
    let before = before ?? Observation(containers: [], digests: [:])
    progress(.stepBegan(StepName.health))
    var looks: [Observation] = []
    var last: Observation?
    var verdict = Health.pending
    while true {
      let same = wasTouched || !looks.isEmpty ? [] : before.containers.map(\.id)
      let look = await session.look(script, onlyAt: same, knowing: before.digests)
      guard session.isConnected else { return nil }
      let mayWait = stop.signal == nil && clock.now - begun < plan.target.healthTimeout
      if let look {
        last = look
        looks.append(look.only(plan.servicesOnHost))
        if looks.count > 64 { looks.removeFirst() }
        verdict = Health.judge(services: plan.services.map(\.value), before: before, looks: looks)
        if verdict != .pending || onlyOnce || !mayWait { break }
      } else if !mayWait {
        return nil
      }
      try? await Task.sleep(for: Self.pause)
    }
    guard let last else { return nil }
    let spent = (clock.now - begun).milliseconds
    var lines: [String] = []
    if case .unhealthy(_, _, let reason) = verdict { lines = [reason] }
    let step = FinishedStep(
      name: StepName.health, startedAt: startedAt, milliseconds: spent, status: verdict == .healthy ? 0 : 1,
      output: lines)
    let wasCutShort = verdict == .pending && stop.signal != nil
    progress(.stepEnded(StepName.health, status: step.status ?? 1, milliseconds: spent))
    return Result(verdict: verdict, last: last, step: step, wasCutShort: wasCutShort)
  }
}
