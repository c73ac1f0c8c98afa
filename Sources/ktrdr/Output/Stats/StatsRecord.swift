import Ledger

/// The JSON of `stats`.
struct StatsRecord: Encodable {
  struct SpreadJSON: Encodable {
    let count: Int
    let medianMs, p90Ms: Int64

    init(_ spread: Spread) { (count, medianMs, p90Ms) = (spread.count, spread.medianMS, spread.p90MS) }
  }

  struct StepJSON: Encodable {
    let name: String
    let count: Int
    let medianMs, p90Ms: Int64
  }

  struct FiguresJSON: Encodable {
    /// `null` for the figures over all targets.
    let target: Nullable<String>
    let deployments, unchanged, rollbacks, changes, failed, rolledBack: Int
    let notJudged, changedNothing, running, notRestored, restoreUnknown: Int
    let deploymentsPerWeek, changeFailureRate: Nullable<Double>
    let timeToRestore, duration: Nullable<SpreadJSON>
    let steps: [StepJSON]

    init(_ target: String?, _ figures: Figures) {
      self.target = Nullable(target)
      (deployments, unchanged, rollbacks) = (figures.deployments, figures.unchanged, figures.rollbacks)
      (changes, failed, rolledBack) = (figures.changes, figures.failed, figures.rolledBack)
      (notJudged, changedNothing, running) = (figures.notKnown, figures.changedNothing, figures.running)
      (notRestored, restoreUnknown) = (figures.notRestored, figures.restoreNotKnown)
      deploymentsPerWeek = Nullable(figures.deploymentsPerWeek)
      changeFailureRate = Nullable(figures.changeFailureRate)
      timeToRestore = Nullable(figures.timeToRestore.map(SpreadJSON.init))
      duration = Nullable(figures.duration.map(SpreadJSON.init))
      steps = figures.steps.map {
        StepJSON(name: $0.name, count: $0.spread.count, medianMs: $0.spread.medianMS, p90Ms: $0.spread.p90MS)
      }
    }
  }

  let from, to: String
  let weeks: Double
  let all: FiguresJSON
  let targets: [FiguresJSON]

  init(_ statistics: Statistics) {
    from = statistics.period.lowerBound.rfc3339
    to = statistics.period.upperBound.rfc3339
    weeks = statistics.all.weeks
    all = FiguresJSON(nil, statistics.all)
    targets = statistics.targets.map { FiguresJSON($0.name, $0.figures) }
  }
}
