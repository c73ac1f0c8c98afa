internal import Platform

/// Finds when a target was well again after a change that failed.
struct Restorer {
  enum Restoration: Equatable {
    case after(milliseconds: Int64)
    case notYet
    /// The clock went back in between.
    case notKnown
  }

  private struct Success {
    var id: Int64
    var at: Int64
  }

  /// The successes that stand, oldest first, for each target and service. The service `""` has all of a target.
  private var successes: [String: [String: [Success]]] = [:]
  /// The rollback that succeeded in undoing a deployment.
  private var undoing: [Int64: Success] = [:]

  /// `facts` are all that is known, oldest first.
  init(_ facts: [DeploymentFacts], _ judge: Judge) {
    for deployment in facts.lazy.map(\.deployment) where judge.stands(deployment) {
      guard let finishedAt = deployment.finishedAt else { continue }
      let success = Success(id: deployment.id, at: milliseconds(of: finishedAt))
      for service in deployment.start.services + [""] {
        successes[deployment.start.target, default: [:]][service, default: []].append(success)
      }
      if let undone = deployment.start.undoes, undoing[undone] == nil { undoing[undone] = success }
    }
  }

  /// From the start of a change that failed to the end of what restored it: the rollback that undid it, or the first successes
  /// after it that together cover its services.
  func restoration(of deployment: Deployment, _ judgement: Judgement) -> Restoration {
    guard let restored = undoing[deployment.id] ?? covering(deployment, judgement) else { return .notYet }
    let start = milliseconds(of: deployment.startedAt)
    return restored.at < start ? .notKnown : .after(milliseconds: elapsed(from: start, to: restored.at))
  }

  private func covering(_ deployment: Deployment, _ judgement: Judgement) -> Success? {
    // What was undone was still there until the rollback.
    let failure = if case .rolledBack(let rollback) = judgement { rollback } else { deployment.id }
    let ofTarget = successes[deployment.start.target] ?? [:]
    let services = deployment.start.services.isEmpty ? [""] : deployment.start.services
    var last: Success?
    for service in services {
      guard let next = Self.first(after: failure, in: ofTarget[service] ?? []) else { return nil }
      if next.id > last?.id ?? 0 { last = next }
    }
    return last
  }

  private static func first(after id: Int64, in successes: [Success]) -> Success? {
    var (low, high) = (0, successes.count)
    while low < high {
      let middle = (low + high) / 2
      if successes[middle].id > id { high = middle } else { low = middle + 1 }
    }
    return low < successes.count ? successes[low] : nil
  }
}
