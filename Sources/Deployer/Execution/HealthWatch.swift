import Platform

/// Watches a host until the services are healthy, cannot become so, or the time is up.
struct HealthWatch {
  let plan: Plan
  let host: RemoteHost
  let context: DeploymentContext
  /// Those that are watched.
  let services: [String]

  /// Watches those that the plan starts, or `services`.
  init(plan: Plan, host: RemoteHost, context: DeploymentContext, services: [String]? = nil) {
    self.plan = plan
    self.host = host
    self.context = context
    self.services = services ?? plan.covered
  }

  /// The pauses between two observations, from the first one, each half as long again as the one before. Compose's own
  /// `--wait` looks twice a second.
  static let pauses = (first: Duration.milliseconds(150), longest: Duration.seconds(1))

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
    let before = before ?? .nothing
    let rules = Health.Rules(stableFor: plan.target.stableFor, project: plan.project)
    context.progress(.stepBegan(.health))
    var pause = Self.pauses.first
    var seen: [Observation] = []
    var told: [PendingService] = []
    while true {
      let newest = try await observe(before: before, isUntouched: isUntouched && seen.isEmpty)
      let mayWait = context.stop.signal == nil && time.now() - begun < plan.target.watchLimit
      if let newest {
        seen = seen.suffix(Self.memory - 1) + [newest]
        let verdict = Health.judge(services: services, before: before, observations: seen, rules: rules)
        if verdict != .pending || onlyOnce || !mayWait {
          var report = report(verdict, newest, startedAt: startedAt, spent: time.now() - begun)
          report.pending = rules.pending(of: services, before: before, observations: seen).map(\.service)
          return report
        }
        let pending = rules.pending(of: services, before: before, observations: seen)
        if pending != told { context.progress(.awaitingHealth(pending, limit: plan.target.watchLimit)) }
        told = pending
      } else if !mayWait {
        throw .unavailable
      }
      await time.sleep(pause)
      pause = min(pause * 1.5, Self.pauses.longest)
    }
  }

  /// `nil` if Docker did not answer this time.
  private func observe(before: Observation, isUntouched: Bool) async throws(HostError) -> Observation? {
    let only = isUntouched ? before.containers.map(\.id) : []
    do throws(HostError) {
      return try await host.observeStack(of: plan, only: only, knownDigests: before.digests)
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
    if plan.target.stableFor == .zero { lines.append("not checked for staying up: stable_for is 0s") }
    let wasCutShort = verdict == .pending && context.stop.signal != nil
    var step = FinishedStep(name: .health, startedAt: startedAt, milliseconds: spent.milliseconds, output: lines)
    step.wasCancelled = wasCutShort
    if !wasCutShort {
      let status: Int32 = verdict == .healthy ? 0 : 1
      step.status = status
      context.progress(.stepEnded(.health, status: status, milliseconds: step.milliseconds))
    }
    return HealthReport(verdict: verdict, last: last, step: step, wasCutShort: wasCutShort)
  }
}

extension Health.Rules {
  /// Those of `services` of which the observations do not decide yet.
  func pending(of services: [String], before: Observation, observations: [Observation]) -> [PendingService] {
    services.filter { service in
      Health.judge(services: [service], before: before, observations: observations, rules: self) == .pending
    }.map { service in
      let containers = observations.last?.containers(of: service) ?? []
      return PendingService(service, cause(containers))
    }
  }

  /// What the containers of one service, which is not healthy yet, show: that of them which is furthest from it.
  private func cause(_ containers: [Observation.Container]) -> PendingService.Cause {
    if containers.contains(where: { $0.state == "restarting" }) { return .restarting }
    guard containers.allSatisfy({ $0.state == "running" || $0.state == "exited" }) else { return .notRunning }
    if containers.contains(where: { $0.health == "starting" }) { return .starting }
    let isJob = containers.contains { project?.isAwaitedJob($0.service) ?? false }
    return isJob ? .working : .settling(stableFor)
  }
}
