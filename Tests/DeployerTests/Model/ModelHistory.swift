import Ledger
import Platform

@testable import Deployer

/// Where the code and the model do not agree.
struct Disagreement: Sendable {
  var seed: UInt64
  var history: [Operation]
  /// What differs, in a few words.
  var what: String
  var model: String
  var code: String

  var text: String {
    let lines = history.enumerated().map { "  \($0.offset + 1). \($0.element)" }
    return """
      MODEL_SEED=\(seed): \(what)
      \(lines.joined(separator: "\n"))
        the model: \(model)
        the code:  \(code)
      """
  }
}

/// One history, done by the code and predicted by the model.
struct ModelHistory {
  var seed: UInt64
  /// What may differ.
  var ignored: Set<String> = []

  private struct Answer: Error {
    var what: String
    var model: String
    var code: String
  }

  /// The first disagreement; `nil` if there is none. Adds the number of operations that were done.
  func run(_ operations: [Operation], counting done: inout Int) async throws -> Disagreement? {
    var stand = try await ModelStand()
    var model = ReferenceModel()
    for (index, operation) in operations.enumerated() {
      guard isPossible(operation, model) else { continue }
      done += 1
      do {
        try await compare(operation, &stand, &model)
      } catch let answer as Answer {
        return Disagreement(
          seed: seed, history: Array(operations[...index]), what: answer.what, model: answer.model, code: answer.code)
      }
    }
    let proof = try await stand.ledger.verify()
    guard proof.verdict == .proven else {
      return Disagreement(
        seed: seed, history: operations, what: "the ledger is damaged", model: "proven", code: "\(proof.problems)")
    }
    return nil
  }

  /// The command itself picks the targets of a batch: those on which a deployment succeeded.
  private func isPossible(_ operation: Operation, _ model: ReferenceModel) -> Bool {
    guard case .rollback(let rollback) = operation, let id = rollback.undoing else { return true }
    return model.records.contains { $0.id == id && $0.kind == .deploy && $0.outcome == .succeeded }
  }

  private func compare(
    _ operation: Operation, _ stand: inout ModelStand, _ model: inout ReferenceModel
  ) async throws {
    let before = stand.world
    let prediction = model.predict(operation, before)
    let outcome = try await stand.perform(operation)
    let after = stand.world
    if let outcome {
      try agree("the exit", prediction.refusal.map { "\($0)" } ?? "begun", outcome.kind)
      let known = Int64(model.records.count)
      var found: [ModelRecord] = []
      for (deployment, images) in try await stand.records(after: known) {
        found.append(ModelRecord(deployment, images, as: prediction.records.first { $0.id == deployment.id }))
      }
      try agree("how many records", "\(prediction.records.count)", "\(found.count)")
      for (wanted, real) in zip(prediction.records, found) {
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
      model.records += found
      try agree("what runs", prediction.after.words, after.words)
      let replaced = prediction.kept.filter { after.containers[$0]?.id != before.containers[$0]?.id }
      try agree("containers that were replaced", "none", replaced.isEmpty ? "none" : replaced.words)
    }
    let (wanted, real) = (model.status(after), try await stand.status())
    try agree("status", wanted.words, real.words)
  }

  private func agree(_ what: String, _ model: String, _ code: String) throws {
    guard model != code, !ignored.contains(what) else { return }
    throw Answer(what: what, model: model, code: code)
  }
}

extension Fleet.Outcome {
  /// Whether it was begun, or why not.
  fileprivate var kind: String {
    switch self {
    case .success: "begun"
    case .failure(let failure): ModelAdapter.refusal(failure).map { "\($0)" } ?? "\(failure)"
    }
  }
}

extension ModelRecord {
  /// A record of the ledger. What its end cannot tell is taken from the prediction.
  fileprivate init(_ deployment: Deployment, _ images: [ImageRecord], as predicted: ModelRecord?) {
    let start = deployment.start
    self.init(
      id: deployment.id, kind: start.kind, outcome: deployment.outcome ?? .unknown,
      mayHaveChanged: predicted?.mayHaveChanged ?? (deployment.outcome == .succeeded), services: Set(start.services),
      profiles: Set(start.profiles), tags: Set([start.tag].compactMap { $0 }), undoes: start.undoes)
    for image in images {
      let row = Row(before: image.before.map(ModelImage.init), after: image.after.map(ModelImage.init))
      if row.before != nil || row.after != nil { rows[image.service] = row }
    }
  }
}

extension ModelImage {
  fileprivate init(_ image: ImageIdentity) {
    self.init(id: image.id, tag: ImageName(image.reference).tag ?? "")
  }
}

extension Set<String> {
  fileprivate var words: String { isEmpty ? "none" : sorted().joined(separator: ", ") }
}

extension ModelWorld {
  fileprivate var words: String {
    containers.sorted { $0.key < $1.key }
      .map { "\($0.value.image.words)\($0.value.isRunning ? "" : " (stopped)")" }.joined(separator: ", ")
  }
}

extension ModelImage {
  fileprivate var words: String { id.replacing("sha256:", with: "") }
}

extension [String: ModelRecord.Row] {
  fileprivate var words: String {
    sorted { $0.key < $1.key }
      .map { "\($0.key): \($0.value.before?.words ?? "none") -> \($0.value.after?.words ?? "none")" }
      .joined(separator: ", ")
  }
}

extension [String: Verdict] {
  fileprivate var words: String {
    sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.rawValue)" }.joined(separator: ", ")
  }
}
