extension RemoteHost {
  /// Finds out what runs of the plan's stack. The ids are those of its only containers, if they are known.
  func observeStack(
    of plan: Plan, only ids: [String] = [], knownDigests: [String: [String]] = [:], asksForSignals: Bool = false
  ) async throws(HostError) -> Observation {
    let name = plan.project.flatMap { $0.isResolved ? $0.name : nil } ?? ""
    let seen = try await observe(
      ObserveRequest(project: name, only: ids, knownDigests: knownDigests, asksForSignals: asksForSignals))
    return seen.of(plan.project, in: plan.target)
  }
}
