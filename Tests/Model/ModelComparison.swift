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
    switch operation {
    case .second(let operation): return isPossible(operation, second)
    case .batch(let batch):
      // Who deploys to both is refused by one of them alone, and that is on record: another story.
      guard case .deploy(let deploy) = batch.request else { return true }
      return first.file.absent.union(second.file.absent).isDisjoint(with: deploy.services)
    default: return isPossible(operation, first)
    }
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
    let answer = try await place.perform(batch)
    let found = try await newRecords()
    guard case .each(let operations) = operations else {
      for answer in answer.targets { try agree(answer, operations.words) }
      if case .refused(let refusal) = operations { try agree(exit: answer.exit, [refusal.exit]) }
      return try agree("how many records", "0", "\(found.count)")
    }
    var isSkipped = false
    var exits: [Int32] = []
    for (onSecond, operation) in zip([false, true], operations) {
      let answer = answer.targets[onSecond ? 1 : 0]
      guard let operation, !isSkipped else {
        try agree(answer, "skipped")
        if isSkipped { exits.append(1) }
        continue
      }
      let own = found.filter { $0.isOfSecond == onSecond }
      exits.append(try await compare(operation, onSecond, before[onSecond ? 1 : 0], answer, own))
      isSkipped = batch.usesCanary && exits.contains { $0 != 0 }
    }
    try agree(exit: answer.exit, exits)
  }

  /// The status of a command with several targets: theirs if it is the same for all, otherwise 1.
  private func agree(exit: Int32?, _ wanted: [Int32]) throws {
    guard let exit else { return }
    let wanted = Set(wanted)
    try agree("the exit status", "\(wanted.count == 1 ? wanted.first ?? 1 : 1)", "\(exit)")
  }

  private func agree(_ answer: ModelAnswer, _ wanted: String) throws {
    guard answer.kind != .notBegun || wanted == "begun" else { return }
    try agree("the answer", wanted, answer.kind.words)
  }

  // MARK: - One target

  /// Returns the exit status that the documents promise.
  @discardableResult
  private mutating func compare(
    _ operation: Operation, _ onSecond: Bool, _ before: ModelWorld, _ answer: ModelAnswer, _ found: [ModelRecord]
  ) async throws -> Int32 {
    var model = onSecond ? second : first
    model.nextID = found.first?.id ?? newest + 1
    let after = try await place.world(ofSecond: onSecond)
    var exit: Int32 = 0
    model.file.edit(operation)
    if answer.kind != .none {
      let prediction = model.predict(answer.wasDisturbed ? operation : operation.undisturbed, before)
      exit = prediction.exit
      try agree(answer, prediction.refusal.map { "\($0)" } ?? "begun")
      if let found = answer.exit { try agree("the exit status", "\(exit)", "\(found)") }
      model.records += try compare(found, with: prediction, after)
      let replaced = prediction.kept.filter { after.containers[$0]?.id != before.containers[$0]?.id }
      try agree("containers that were replaced", "none", replaced.isEmpty ? "none" : replaced.words)
    }
    if onSecond { second = model } else { first = model }
    try agree("status", model.status(after).words, try await place.status(ofSecond: onSecond).words)
    return exit
  }

  /// Returns the records with what only the model knows.
  private func compare(
    _ found: [ModelRecord], with prediction: ReferenceModel.Prediction, _ after: ModelWorld
  ) throws -> [ModelRecord] {
    try agree("how many records", "\(prediction.records.count)", "\(found.count)")
    var known = found
    for (index, wanted) in prediction.records.enumerated() {
      known[index].mayHaveChanged = wanted.mayHaveChanged
      known[index].file = wanted.file
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
    case .notBegun: "not begun"
    case .other(let words): words
    }
  }
}
