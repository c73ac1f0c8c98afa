public import Platform

/// The figures of a period: of each target, and over all. A pure function of what the ledger recorded.
public struct Statistics: Sendable, Equatable {
  public struct Target: Sendable, Equatable {
    public var name: String
    public var figures: Figures
  }

  /// From the first moment to the last, both included.
  public var period: ClosedRange<Date>
  public var all: Figures
  /// In alphabetical order; only targets with a deployment in the period.
  public var targets: [Target]

  /// - Parameters:
  ///   - facts: what is known from the period's first deployment on, also from after the period, oldest first. Later
  ///     deployments say how earlier ones turned out.
  ///   - period: deployments count that started in it, by the clock of the machine that deployed.
  ///   - names: the targets to count; `nil` for all.
  public init(of facts: [DeploymentFacts], in period: ClosedRange<Date>, targets names: Set<String>? = nil) {
    // The last millisecond belongs to it: seven days by name are a week.
    let length = elapsed(from: milliseconds(of: period.lowerBound), to: milliseconds(of: period.upperBound))
    let weeks = (Double(length) + 1) / (7 * 86_400_000)
    let judge = Judge(facts)
    let restorer = Restorer(facts, judge)
    var all = FigureCounter(weeks: weeks)
    var counters: [String: FigureCounter] = [:]
    for fact in facts where period.contains(fact.deployment.startedAt) {
      let target = fact.deployment.start.target
      guard names?.contains(target) ?? true else { continue }
      let judgement = judge.judge(fact)
      all.add(fact, judgement, restorer)
      counters[target, default: FigureCounter(weeks: weeks)].add(fact, judgement, restorer)
    }
    self.period = period
    self.all = all.result
    targets = counters.sorted { $0.key < $1.key }.map { Target(name: $0.key, figures: $0.value.result) }
  }
}

extension Statistics {
  /// The part of a period that a ledger can speak of: not before its first deployment, and not after now. `nil` if nothing of
  /// the period is left.
  public static func observed(
    since: Date?, until: Date?, firstDeployment: Date, now: Date
  ) -> ClosedRange<Date>? {
    let from = max(since ?? firstDeployment, firstDeployment)
    let to = min(until ?? now, now)
    return from <= to ? from...to : nil
  }
}
