import Ledger
import Platform

/// 2026-11-02, a Monday, 00:00 UTC.
let monday = Date(timeIntervalSince1970: 1_793_577_600)

/// A deployment of a history that is written as a table: it starts `hour` hours after `monday`, and takes `minutes`.
func fact(
  _ id: Int64, _ outcome: Outcome?, _ services: [String] = ["web"], on target: String = "shop", hour: Double,
  minutes: Double = 6, undoes: Int64? = nil, isRollback: Bool = false, steps: [String] = ["changing", "up"],
  changedImage: Bool? = true
) -> DeploymentFacts {
  let startedAt = monday.addingTimeInterval(hour * 3600)
  let start = DeploymentStart(
    kind: undoes != nil || isRollback ? .rollback : .deploy, target: target, host: "\(target).example.org",
    services: services, operator: "ana", client: "test", undoes: undoes)
  let deployment = Deployment(
    id: id, uuid: "u\(id)", start: start, startedAt: startedAt,
    finishedAt: outcome.map { _ in startedAt.addingTimeInterval(minutes * 60) },
    durationMS: outcome.map { _ in Int64(minutes * 60_000) }, outcome: outcome)
  return DeploymentFacts(
    deployment, steps: steps.map { .init(name: $0, durationMS: 1000) }, changedImage: changedImage)
}

/// The first three weeks from `monday`.
let threeWeeks = monday...monday.addingTimeInterval(21 * 86_400)

func figures(_ facts: [DeploymentFacts], in period: ClosedRange<Date> = threeWeeks) -> Figures {
  Statistics(of: facts, in: period).all
}
