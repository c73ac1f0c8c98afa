import Platform

/// Compares the code with the model over many histories, on two tasks, and shrinks what it finds.
struct ModelRunner: Sendable {
  struct Result: Sendable {
    var operations = 0
    var disagreements: [Disagreement] = []
  }

  var empty: EmptyLedgers
  var seed: UInt64
  /// How many operations, and how long, at most.
  var operations = Int.max
  var limit = Duration.seconds(24 * 3600)
  /// How many disagreements of different kinds are wanted before it stops.
  var wanted = 1
  /// Whether the ledger is proven after each operation, or once for each history.
  var provesEachTime = false
  /// What may differ, while the code is being changed.
  var ignored: Set<String> = []

  func run() async throws -> Result {
    async let even = run(from: 0)
    async let odd = run(from: 1)
    let (first, second) = try await (even, odd)
    var result = Result(operations: first.operations + second.operations)
    result.disagreements = first.disagreements
    let known = Set(first.disagreements.map(\.what))
    result.disagreements += second.disagreements.filter { !known.contains($0.what) || wanted > 1 }
    result.disagreements = Array(result.disagreements.prefix(wanted == 1 ? 1 : .max))
    return result
  }

  private func trial(_ seed: UInt64) -> ModelHistory<ModelStand> {
    ModelHistory(
      seed: seed, ignored: ignored, provesEachTime: provesEachTime,
      check: { try await Advice.check($0, goesForward: seed.isMultiple(of: 4)) },
      place: { [empty] in try await ModelStand(empty) })
  }

  /// Every second history.
  @concurrent
  private func run(from first: UInt64) async throws -> Result {
    var result = Result()
    let clock = ContinuousClock()
    let start = clock.now
    var number = first
    while result.operations < operations / 2, clock.now - start < limit {
      let seed = seed &+ number
      number += 2
      var generator = OperationGenerator(seed: seed)
      let history = generator.history()
      guard let found = try await trial(seed).run(history, counting: &result.operations)
      else { continue }
      result.disagreements.append(try await shrink(found))
      if result.disagreements.count >= wanted { break }
    }
    return result
  }

  /// Drops operations for as long as the code and the model still disagree about the same.
  func shrink(_ found: Disagreement) async throws -> Disagreement {
    var (shortest, count) = (found, 0)
    var index = shortest.history.count - 2
    while index >= 0 {
      var history = shortest.history
      history.remove(at: index)
      if let again = try await trial(found.seed).run(history, counting: &count),
        again.what == found.what
      {
        shortest = again
        index = min(index, shortest.history.count - 1)
      }
      index -= 1
    }
    return try await simplify(shortest)
  }

  /// The same without faults and options that do not matter.
  private func simplify(_ found: Disagreement) async throws -> Disagreement {
    var (shortest, count) = (found, 0)
    for index in shortest.history.indices.reversed() {
      for simpler in shortest.history[index].simpler {
        var history = shortest.history
        history[index] = simpler
        guard let again = try await trial(found.seed).run(history, counting: &count),
          again.what == found.what, again.history.count == history.count
        else { continue }
        shortest = again
        break
      }
    }
    return shortest
  }
}

extension Operation {
  /// Versions of it with less in it, the simplest first.
  fileprivate var simpler: [Operation] {
    switch self {
    case .deploy(let deploy):
      var plain = deploy
      plain.fault = nil
      var calm = plain
      calm.rollsBack = false
      var all = calm
      all.services = []
      var none = calm
      none.profiles = []
      return [all, none, calm, plain].filter { $0 != deploy }.map(Operation.deploy)
    case .rollback(let rollback):
      var plain = rollback
      plain.fault = nil
      return plain == rollback ? [] : [.rollback(plain)]
    case .second(let operation): return [operation] + operation.simpler.map(Operation.second)
    case .colleague(let operation): return [operation] + operation.simpler.map(Operation.colleague)
    case .batch(var batch):
      guard case .deploy(let deploy) = batch.request else { return [] }
      let alone = [Operation.deploy(deploy), .second(.deploy(deploy))]
      guard batch.usesCanary else { return alone }
      batch.usesCanary = false
      return alone + [.batch(batch)]
    default: return []
    }
  }
}
