import Ledger

/// What happens on a host once it is decided what each service is to run: the order of the steps, and what disturbs them.
struct ModelRun: Sendable {
  struct Start: Sendable {
    var service: String
    var image: ModelImage
    var reference: String
    /// What Compose has in the tag's variable.
    var variable: String
  }

  struct End: Sendable {
    var outcome: Outcome
    var mayHaveChanged: Bool
    /// Whether what ran before got into the record.
    var wasObserved = true
    var world: ModelWorld
  }

  var file: ModelFile
  var steps: [Start]
  /// Those that are stopped and removed once the others are healthy.
  var removed: Set<String>
  /// Whether every image is on the host in the end.
  var isPulled: Bool
  var fault: Operation.Fault?
  /// What runs where it is to go and is unhealthy: with it everything is replaced that is started at once.
  var isReplacedInPlace: Set<String> = []
  /// Whether something that was to go back stays: then it does not succeed.
  var isIncomplete = false

  /// Whether the connection is lost once the host may have changed.
  var isCut: Bool {
    fault.map { $0.isLostConnection && $0 != .cutEarly } ?? false
  }

  func perform(on before: ModelWorld) -> End {
    switch fault {
    case .killedEarly, .killedAfterPull:
      return End(outcome: .interrupted, mayHaveChanged: false, wasObserved: false, world: before)
    case .cutEarly: return End(outcome: .failed, mayHaveChanged: false, world: before)
    default: break
    }
    guard isPulled else { return End(outcome: .failed, mayHaveChanged: false, world: before) }
    var after = before
    let isUp = up(&after)
    switch fault {
    case .stoppedEarly: return End(outcome: .cancelled, mayHaveChanged: false, world: before)
    case .killedBeforeUp: return End(outcome: .interrupted, mayHaveChanged: true, world: before)
    case .killedInUp, .killedReplacing, .killedAfterUp:
      return End(outcome: .interrupted, mayHaveChanged: true, world: after)
    case .lostBeforeUp: return End(outcome: .unknown, mayHaveChanged: true, world: before)
    case .lostInUp, .lostReplacing, .lostAfterUp: return End(outcome: .unknown, mayHaveChanged: true, world: after)
    case .cutBeforeUp: return seenAgain(before)
    case .cutInUp, .cutReplacing, .cutAfterUp: return seenAgain(after)
    default: return toTheEnd(after, isUp: isUp && fault != .failedReplacing)
    }
  }

  /// Compose has one value of the tag's variable for all that it starts at once: those of the greatest tag are first.
  private func up(_ world: inout ModelWorld) -> Bool {
    for (_, group) in Dictionary(grouping: steps, by: \.variable).sorted(by: { $0.key > $1.key }) {
      let all = group.sorted { $0.service < $1.service }
      let half = fault?.isInUp == true ? all.count / 2 : all.count
      let replacesAll = isReplacedInPlace.isDisjoint(with: all.map(\.service)) ? false : true
      let isUp = world.up(Array(all[..<half]), by: file, replacingAll: replacesAll)
      if fault?.isReplacing == true, isUp {
        world.stopNext(of: Array(all[half...]), by: file, replacingAll: replacesAll)
      }
      guard isUp, fault?.endsUp != true else { return isUp }
    }
    return true
  }

  /// What runs decides, and nothing further is done over a connection that may be lost again.
  private func seenAgain(_ world: ModelWorld) -> End {
    let isDone =
      steps.allSatisfy { world.isHealthy($0.service) && isThere($0, world) }
      && removed.allSatisfy { world.containers[$0] == nil } && !isIncomplete
    return End(outcome: isDone ? .succeeded : .failed, mayHaveChanged: true, world: world)
  }

  /// An image that was to have the deployment's tag has to have its name as well: the same one under the name that a rollback
  /// pinned was there before.
  private func isThere(_ step: Start, _ world: ModelWorld) -> Bool {
    guard let container = world.containers[step.service], container.image == step.image else { return false }
    // What it did not come to has its former configuration.
    guard container.label == file.label(step), container.isBroken == file.broken.contains(step.service) else {
      return false
    }
    return step.reference == "pinned" || !ModelStack.takesTag(step.service) || container.reference == step.reference
  }

  private func toTheEnd(_ world: ModelWorld, isUp: Bool) -> End {
    var end = End(outcome: .failed, mayHaveChanged: true, world: world)
    if isUp, steps.allSatisfy({ world.isHealthy($0.service) }) {
      if fault == .killedBeforeRemoval { return End(outcome: .interrupted, mayHaveChanged: true, world: world) }
      for service in removed { end.world.containers[service] = nil }
      if fault == .killedAfterRemoval { return End(outcome: .interrupted, mayHaveChanged: true, world: end.world) }
      end.outcome = isIncomplete ? .failed : .succeeded
    }
    if fault == .stoppedLate { end.outcome = .cancelled }
    return end
  }
}
