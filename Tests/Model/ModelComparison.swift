import Deployer
import Ledger

/// Does one operation after the other, and compares what comes of it with what the model says.
struct ModelComparison<Place: ModelPlace> {
  struct Difference: Error {
    var what: String
    var model: String
    var code: String
  }

  private(set) var place: Place
  /// What may differ.
  var ignored: Set<String> = []
  private var first = ReferenceModel()
  private var second = ReferenceModel()
  /// The number of the ledger's newest record.
  private var newest: Int64 = 0

  init(place: Place, ignored: Set<String>) {
    self.place = place
    self.ignored = ignored
  }

  func prove() async throws {
    try agree("the ledger", "proven", try await place.damage() ?? "proven")
  }

  /// The command itself picks the targets of a batch: those on which a deployment succeeded.
  func isPossible(_ operation: Operation) -> Bool {
    if case .second(let operation) = operation { return isPossible(operation, second) }
    return isPossible(operation, first)
  }

  private func isPossible(_ operation: Operation, _ model: ReferenceModel) -> Bool {
    guard case .rollback(let rollback) = operation, let id = rollback.undoing else { return true }
    return model.records.contains { $0.id == id && $0.kind == .deploy && $0.outcome == .succeeded }
  }

  mutating func perform(_ operation: Operation) async throws {
    switch operation {
    case .batch(let batch): try await perform(batch)
    case .second(let operation): try await perform(operation, onSecond: true)
    default: try await perform(operation, onSecond: false)
    }
  }

  private mutating func perform(_ operation: Operation, onSecond: Bool) async throws {
    let before = try await place.world(ofSecond: onSecond)
    let answer = try await place.perform(operation, onSecond: onSecond)
    let found = try await newRecords()
    try await compare(operation, onSecond, before, answer, found)
  }

  private mutating func newRecords() async throws -> [ModelRecord] {
    let found = try await place.records(after: newest)
    newest = max(newest, found.map(\.id).max() ?? 0)
    return found
  }

  // MARK: - Both targets

  private mutating func perform(_ batch: Operation.Batch) async throws {
    let operations = batch.operations(first, second)
    let before = [try await place.world(ofSecond: false), try await place.world(ofSecond: true)]
    let answers = try await place.perform(batch)
    let found = try await newRecords()
    guard case .each(let operations) = operations else {
      for answer in answers { try agree("the answer", operations.words, answer.kind.words) }
      return try agree("how many records", "0", "\(found.count)")
    }
    var isSkipped = false
    for (onSecond, operation) in zip([false, true], operations) {
      let answer = answers[onSecond ? 1 : 0]
      guard let operation, !isSkipped else {
        try agree("the answer", "skipped", answer.kind.words)
        continue
      }
      let own = found.filter { $0.isOfSecond == onSecond }
      let hasSucceeded = try await compare(operation, onSecond, before[onSecond ? 1 : 0], answer, own)
      isSkipped = batch.usesCanary && !hasSucceeded
    }
  }

  // MARK: - One target

  /// Returns whether it succeeds.
  @discardableResult
  private mutating func compare(
    _ operation: Operation, _ onSecond: Bool, _ before: ModelWorld, _ answer: ModelAnswer, _ found: [ModelRecord]
  ) async throws -> Bool {
    var model = onSecond ? second : first
    model.nextID = found.first?.id ?? newest + 1
    let after = try await place.world(ofSecond: onSecond)
    var hasSucceeded = true
    if answer.kind != .none {
      let prediction = model.predict(answer.wasDisturbed ? operation : operation.undisturbed, before)
      try agree("the answer", prediction.refusal.map { "\($0)" } ?? "begun", answer.kind.words)
      if let exit = answer.exit { try agree("the exit status", "\(prediction.exit)", "\(exit)") }
      model.records += try compare(found, with: prediction, after)
      let replaced = prediction.kept.filter { after.containers[$0]?.id != before.containers[$0]?.id }
      try agree("containers that were replaced", "none", replaced.isEmpty ? "none" : replaced.words)
      hasSucceeded = prediction.records.first?.outcome == .succeeded
    }
    if onSecond { second = model } else { first = model }
    try agree("status", model.status(after).words, try await place.status(ofSecond: onSecond).words)
    return hasSucceeded
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
    case .skipped: "skipped"
    case .other(let words): words
    }
  }
}
