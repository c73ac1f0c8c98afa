import Ledger

/// What `ktrdr rollback` would do with a target as it is, so that nobody is told to do what would be refused, or would lead elsewhere.
struct RollbackOutlook: Sendable, Equatable {
  /// The images that services would go to, be it their own.
  var images: [String: ImageIdentity] = [:]
  /// The services that would be stopped and removed.
  var removed: Set<String> = []
  /// Whether it would end what a rollback has begun that did not succeed.
  var endsRollback = false
  /// Whether it would only record what it finds of some, or fail for want of what it cannot restore.
  var isPartial = false

  /// Whether it leads to what should run, and leaves alone what does.
  func isRight(for services: [ServiceStatus]) -> Bool {
    guard !isPartial, !(images.isEmpty && removed.isEmpty) else { return false }
    // What is neither there nor expected has no verdict, and is not to be brought.
    guard images.keys.allSatisfy({ name in services.contains { $0.service == name } }) else { return false }
    return services.allSatisfy { service in
      let expected = service.expected?.image
      if removed.contains(service.service) { return expected == nil }
      guard let image = images[service.service] else { return true }
      return expected == nil || image.isSame(as: expected)
    }
  }
}

extension RollbackOutlook {
  /// Of the newest change if no service is named. `nil` where it would be refused.
  init?(
    of target: Target, naming named: [ServiceName] = [], from running: Observation, by project: ComposeProject?,
    in records: RollbackRecords
  ) async {
    let request = RollbackRequest(
      target: target, coverage: named.isEmpty ? .changed : .named(named), destination: .lastGood, registries: [],
      operator: "", client: "")
    let planner = RollbackPlanner(request: request, records: records, running: running, project: project)
    guard let decision = try? await planner.decide() else { return nil }
    let plan = decision.plan
    endsRollback = decision.endsRollback
    images = Dictionary(plan.pins.map { ($0.service.value, $0.image) }) { first, _ in first }
    removed = Set(plan.leftOver)
    isPartial = !plan.unrestored.isEmpty || !plan.alreadyThere.isEmpty || !plan.alreadyGone.isEmpty
  }
}
