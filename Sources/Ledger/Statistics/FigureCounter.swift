/// Adds deployments to the figures of one target, or of all.
struct FigureCounter {
  private var figures: Figures
  private var restored: [Int64] = []
  private var durations: [Int64] = []
  private var stepDurations: [String: [Int64]] = [:]
  /// The names of the steps in the order of a deployment.
  private var stepOrder: [String] = []

  init(weeks: Double) { figures = Figures(weeks: weeks) }

  mutating func add(_ facts: DeploymentFacts, _ judgement: Judgement, _ restorer: Restorer) {
    switch judgement {
    case .good: figures.good += 1
    case .failed: figures.failed += 1
    case .rolledBack: figures.rolledBack += 1
    case .notKnown: figures.notKnown += 1
    case .changedNothing: figures.changedNothing += 1
    case .running: figures.running += 1
    case .rollback: figures.rollbacks += 1
    }
    if judgement.isFailure {
      switch restorer.restoration(of: facts.deployment, judgement) {
      case .after(let milliseconds): restored.append(milliseconds)
      case .notYet: figures.notRestored += 1
      case .notKnown: figures.restoreNotKnown += 1
      }
    }
    guard judgement != .rollback, facts.deployment.outcome == .succeeded else { return }
    figures.deployments += 1
    if facts.changedImage == false { figures.unchanged += 1 }
    if let duration = facts.deployment.durationMS { durations.append(duration) }
    addSteps(facts.steps)
  }

  /// A step that a deployment has twice counts once, with the sum.
  private mutating func addSteps(_ steps: [DeploymentFacts.StepTime]) {
    var sums: [String: Int64] = [:]
    var previous: String?
    for step in steps where step.outcome == .succeeded && step.name != DeploymentFacts.announcingStep {
      sums[step.name, default: 0] += step.durationMS
      if stepDurations[step.name] == nil {
        stepDurations[step.name] = []
        let place = previous.flatMap(stepOrder.firstIndex(of:)).map { $0 + 1 } ?? 0
        stepOrder.insert(step.name, at: place)
      }
      previous = step.name
    }
    for (name, sum) in sums { stepDurations[name, default: []].append(sum) }
  }

  var result: Figures {
    var result = figures
    result.timeToRestore = Spread(of: restored)
    result.duration = Spread(of: durations)
    result.steps = stepOrder.compactMap { name in
      Spread(of: stepDurations[name] ?? []).map { Figures.Step(name: name, spread: $0) }
    }
    return result
  }
}
