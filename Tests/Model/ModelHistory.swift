import Deployer
import Ledger

/// One history, done in a place and predicted by the model.
struct ModelHistory<Place: ModelPlace> {
  var seed: UInt64
  /// What may differ.
  var ignored: Set<String> = []
  /// Whether the ledger is proven after each operation, or once in the end.
  var provesEachTime = false
  /// A place where nothing has happened yet.
  var place: @Sendable () async throws -> Place

  private struct Difference: Error {
    var what: String
    var model: String
    var code: String
  }

  /// The first disagreement; `nil` if there is none. Adds the number of operations that were done.
  func run(_ operations: [Operation], counting done: inout Int) async throws -> Disagreement? {
    var place = try await place()
    var model = ReferenceModel()
    var history: [Operation] = []
    do {
      for operation in operations where isPossible(operation, model) {
        done += 1
        history.append(operation)
        try await compare(operation, &place, &model)
        if provesEachTime { try await prove(place) }
      }
      try await prove(place)
      return nil
    } catch let found as Difference {
      return Disagreement(seed: seed, history: history, what: found.what, model: found.model, code: found.code)
    }
  }

  private func prove(_ place: Place) async throws {
    try agree("the ledger", "proven", try await place.damage() ?? "proven")
  }

  /// The command itself picks the targets of a batch: those on which a deployment succeeded.
  private func isPossible(_ operation: Operation, _ model: ReferenceModel) -> Bool {
    guard case .rollback(let rollback) = operation, let id = rollback.undoing else { return true }
    return model.records.contains { $0.id == id && $0.kind == .deploy && $0.outcome == .succeeded }
  }

  private func compare(_ operation: Operation, _ place: inout Place, _ model: inout ReferenceModel) async throws {
    let before = try await place.world
    let answer = try await place.perform(operation)
    let after = try await place.world
    if answer.kind != .none {
      let prediction = model.predict(answer.wasDisturbed ? operation : operation.undisturbed, before)
      try agree("the answer", prediction.refusal.map { "\($0)" } ?? "begun", answer.kind.words)
      if let exit = answer.exit { try agree("the exit status", "\(prediction.exit)", "\(exit)") }
      let found = try await place.records(after: Int64(model.records.count))
      model.records += try compare(found, with: prediction, after)
      let replaced = prediction.kept.filter { after.containers[$0]?.id != before.containers[$0]?.id }
      try agree("containers that were replaced", "none", replaced.isEmpty ? "none" : replaced.words)
    }
    try agree("status", model.status(after).words, try await place.status().words)
  }

  /// Returns the records with what only the model knows.
  private func compare(
    _ found: [ModelRecord], with prediction: ReferenceModel.Prediction, _ after: ModelWorld
  ) throws -> [ModelRecord] {
    try agree("how many records", "\(prediction.records.count)", "\(found.count)")
    var known = found
    for (index, wanted) in prediction.records.enumerated() {
      known[index].mayHaveChanged = wanted.mayHaveChanged
      let real = known[index]
      try agree("a record's outcome", "\(wanted.outcome)", "\(real.outcome)")
      try agree("a record's kind", wanted.kind.rawValue, real.kind.rawValue)
      try agree("a record's services", wanted.services.words, real.services.words)
      try agree("what runs", prediction.after.words, after.words)
      try agree("a record's images", wanted.rows.words, real.rows.words)
      try agree("undoes", "\(wanted.undoes ?? 0)", "\(real.undoes ?? 0)")
      try agree("a record's profiles", wanted.profiles.words, real.profiles.words)
      if !wanted.tags.isEmpty, !wanted.tags.isSuperset(of: real.tags) {
        try agree("a record's tag", wanted.tags.words, real.tags.words)
      }
    }
    try agree("what runs", prediction.after.words, after.words)
    return known
  }

  private func agree(_ what: String, _ model: String, _ code: String) throws {
    guard model != code, !ignored.contains(what) else { return }
    throw Difference(what: what, model: model, code: code)
  }
}

extension ModelAnswer.Kind {
  fileprivate var words: String {
    switch self {
    case .none: "nothing"
    case .begun: "begun"
    case .refused(let refusal): "\(refusal)"
    case .other(let words): words
    }
  }
}
