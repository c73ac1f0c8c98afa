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
  private var models: [Seat: ReferenceModel] = [:]
  /// The number of each ledger's newest record, by whether it is the colleague's.
  private var newest: [Bool: Int64] = [false: 0]

  init(place: Place, ignored: Set<String>) {
    self.place = place
    self.ignored = ignored
    for isSecond in [false, true] {
      for isColleague in [false, true] {
        models[Seat(isSecond: isSecond, isColleague: isColleague)] = ReferenceModel()
      }
    }
  }

  private func model(_ seat: Seat) -> ReferenceModel { models[seat] ?? ReferenceModel() }

  func prove() async throws {
    for isColleague in newest.keys {
      try agree("the ledger", "proven", try await place.damage(ofColleague: isColleague) ?? "proven")
    }
  }

  /// The command itself picks the targets of a batch: those on which a deployment succeeded.
  func isPossible(_ operation: Operation) -> Bool {
    switch operation.seated {
    case (.batch(let batch), _):
      // Who deploys to both is refused by one of them alone, and that is on record: another story.
      guard case .deploy(let deploy) = batch.request else { return true }
      return [false, true].allSatisfy { model(Seat(isSecond: $0)).file.absent.isDisjoint(with: deploy.services) }
    case (.rollback(let rollback), let seat):
      guard let id = rollback.undoing else { return true }
      return model(seat).records.contains { $0.id == id && $0.kind == .deploy && $0.outcome == .succeeded }
    default: return true
    }
  }

  mutating func perform(_ operation: Operation) async throws {
    let (operation, seat) = operation.seated
    if case .batch(let batch) = operation { return try await perform(batch) }
    if seat.isColleague, newest[true] == nil { newest[true] = 0 }
    let before = try await place.world(seat)
    let answer = try await place.perform(operation, seat)
    let found = try await newRecords(ofColleague: seat.isColleague)
    try await compare(operation, seat, before, answer, found)
  }

  private mutating func newRecords(ofColleague isColleague: Bool) async throws -> [ModelRecord] {
    let known = newest[isColleague] ?? 0
    let found = try await place.records(after: known, ofColleague: isColleague)
    newest[isColleague] = max(known, found.map(\.id).max() ?? 0)
    return found
  }

  // MARK: - Both targets

  private mutating func perform(_ batch: Operation.Batch) async throws {
    let (first, second) = (Seat(), Seat(isSecond: true))
    let operations = batch.operations(model(first), model(second))
    let before = [try await place.world(first), try await place.world(second)]
    let answer = try await place.perform(batch)
    let found = try await newRecords(ofColleague: false)
    guard case .each(let operations) = operations else {
      for answer in answer.targets { try agree(answer, operations.words) }
      if case .refused(let refusal) = operations { try agree(exit: answer.exit, [refusal.exit]) }
      return try agree("how many records", "0", "\(found.count)")
    }
    var isSkipped = false
    var exits: [Int32] = []
    for (index, operation) in operations.enumerated() {
      let seat = [first, second][index]
      let answer = answer.targets[index]
      guard let operation, !isSkipped else {
        try agree(answer, "skipped")
        if isSkipped { exits.append(1) }
        continue
      }
      let own = found.filter { $0.isOfSecond == seat.isSecond }
      exits.append(try await compare(operation, seat, before[index], answer, own))
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
    _ operation: Operation, _ seat: Seat, _ before: ModelWorld, _ answer: ModelAnswer, _ found: [ModelRecord]
  ) async throws -> Int32 {
    for isColleague in [false, true] {
      models[Seat(isSecond: seat.isSecond, isColleague: isColleague)]?.file.edit(operation)
    }
    var model = model(seat)
    model.nextID = found.first?.id ?? (newest[seat.isColleague] ?? 0) + 1
    let after = try await place.world(seat)
    var exit: Int32 = 0
    if answer.kind != .none {
      let prediction = model.predict(answer.wasDisturbed ? operation : operation.undisturbed, before)
      exit = prediction.exit
      try agree(answer, prediction.refusal.map { "\($0)" } ?? "begun")
      if let found = answer.exit { try agree("the exit status", "\(exit)", "\(found)") }
      model.records += try compare(found, with: prediction, after)
      let replaced = prediction.kept.filter { after.containers[$0]?.id != before.containers[$0]?.id }
      try agree("containers that were replaced", "none", replaced.isEmpty ? "none" : replaced.words)
    }
    models[seat] = model
    // Whoever else deploys there sees what has become of their services.
    for isColleague in newest.keys {
      let person = Seat(isSecond: seat.isSecond, isColleague: isColleague)
      try agree("status", self.model(person).status(after).words, try await place.status(person).words)
    }
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
      known[index].variables = wanted.variables
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
    if let last = known.last {
      for (service, row) in last.rows
      where row.before != row.after && ModelStack.takesTag(service) && !last.file.tagged.contains(service) {
        guard let variable = after.containers[service]?.tagVariable, row.after != nil else { continue }
        try agree("the tag's variable", last.tags.words, variable)
      }
    }
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
