import Platform

/// Watches a host until the services are healthy, cannot become so, or the time is up.
struct HealthWatch {
  let plan: Plan
  let host: RemoteHost
  let context: DeploymentContext

  /// The pause between two observations. Compose's own `--wait` looks twice a second.
  static let pause = Duration.milliseconds(150)

  /// How many observations are judged together.
  private static let memory = 64

  /// Watches, in the light of what ran `before` the change. Whoever wants to stop gets the newest observation.
  /// - Parameters:
  ///   - before: what ran before anything changed.
  ///   - onlyOnce: observes once, whatever that shows.
  ///   - isUntouched: the containers are the same as before, so they need not be listed first.
  /// - Returns: the verdict, with the newest observation.
  /// - Throws: ``HostError/unavailable`` if Docker does not answer in the end: an older observation shows nothing about now.
  func wait(before: Observation?, onlyOnce: Bool, isUntouched: Bool = false) async throws(HostError) -> HealthReport {
    let time = context.time
    let (begun, startedAt) = (time.now(), time.date())
    let before = before ?? Observation(containers: [], digests: [:])
    context.progress(.stepBegan(.health))
    var seen: [Observation] = []
    while true {
      let newest = try await observe(before: before, isUntouched: isUntouched && seen.isEmpty)
      let mayWait = context.stop.signal == nil && time.now() - begun < plan.target.healthTimeout
      if let newest {
        seen = seen.suffix(Self.memory - 1) + [newest.only(plan.servicesOnHost)]
        let verdict = Health.judge(services: plan.services.map(\.value), before: before, observations: seen)
        if verdict != .pending || onlyOnce || !mayWait {
          return report(verdict, newest, startedAt: startedAt, spent: time.now() - begun)
        }
      } else if !mayWait {
        throw .unavailable
      }
      await time.sleep(Self.pause)
    }
  }

  /// `nil` if Docker did not answer this time.
  private func observe(before: Observation, isUntouched: Bool) async throws(HostError) -> Observation? {
    let only = isUntouched ? before.containers.map(\.id) : []
    do throws(HostError) {
      return try await host.observe(ObserveRequest(only: only, knownDigests: before.digests))
    } catch .unavailable {
      return nil
    } catch {
      throw error
    }
  }

  private func report(
    _ verdict: Health, _ last: Observation, startedAt: Date, spent: Duration
  ) -> HealthReport {
    var lines: [String] = []
    if case .unhealthy(_, _, let reason) = verdict { lines = [reason] }
    let step = FinishedStep(
      name: .health, startedAt: startedAt, milliseconds: spent.milliseconds, status: verdict == .healthy ? 0 : 1,
      output: lines)
    context.progress(.stepEnded(.health, status: step.status ?? 1, milliseconds: step.milliseconds))
    return HealthReport(
      verdict: verdict, last: last, step: step, wasCutShort: verdict == .pending && context.stop.signal != nil)
  }
}
