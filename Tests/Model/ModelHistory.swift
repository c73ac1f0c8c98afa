import Deployer
import Ledger

/// One history, done in a place and predicted by the model.
struct ModelHistory<Place: ModelPlace> {
  var seed: UInt64
  /// What may differ.
  var ignored: Set<String> = []
  /// Whether the ledger is proven after each operation, or once in the end.
  var provesEachTime = false
  /// What else has to be so when all is done.
  var check: @Sendable (Place) async throws -> ModelComparison<Place>.Difference? = { _ in nil }
  /// A place where nothing has happened yet.
  var place: @Sendable () async throws -> Place

  /// The first disagreement; `nil` if there is none. Adds the number of operations that were done.
  func run(_ operations: [Operation], counting done: inout Int) async throws -> Disagreement? {
    var comparison = ModelComparison(place: try await place(), ignored: ignored)
    var history: [Operation] = []
    do {
      for operation in operations where comparison.isPossible(operation) {
        done += 1
        history.append(operation)
        try await comparison.perform(operation)
        if provesEachTime { try await comparison.prove() }
      }
      try await comparison.prove()
      if let found = try await check(comparison.place) { throw found }
      return nil
    } catch let found as ModelComparison<Place>.Difference {
      return Disagreement(seed: seed, history: history, what: found.what, model: found.model, code: found.code)
    }
  }
}
