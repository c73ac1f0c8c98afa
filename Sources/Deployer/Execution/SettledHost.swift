/// A host on which Docker has no stop in hand.
struct SettledHost {
  let host: RemoteHost
  let plan: Plan
  let context: DeploymentContext

  /// The pause between two looks.
  private static let pause = Duration.seconds(1)

  /// What runs of the plan's stack, once it is like that, or the operator wants to stop. Docker says until when that takes at most.
  func observe() async throws(RunFailure) -> Observation {
    var hasSaid = false
    while true {
      let seen: Observation
      do throws(HostError) { seen = try await host.observeStack(of: plan, asksForSignals: true) } catch {
        throw .host(error)
      }
      guard let stop = seen.pendingStop else { return seen }
      guard context.stop.signal == nil else { return seen }
      if !hasSaid { context.progress(.waiting(stop.what)) }
      hasSaid = true
      await context.time.sleep(Self.pause)
    }
  }
}
