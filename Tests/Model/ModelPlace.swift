import Deployer
import Ledger

/// Where operations are carried out: the code over a host that is a value, or the program over real hosts.
protocol ModelPlace: SendableMetatype {
  /// What is the case now on one of the two targets, for one of the two people.
  func world(_ seat: Seat) async throws -> ModelWorld
  /// Does it on one target.
  mutating func perform(_ operation: Operation, _ seat: Seat) async throws -> ModelAnswer
  /// Does it on both, with the first ledger.
  mutating func perform(_ batch: Operation.Batch) async throws -> ModelBatchAnswer
  /// The records after `id`, oldest first. Whether the host may have been changed is not on record.
  func records(after id: Int64, ofColleague: Bool) async throws -> [ModelRecord]
  func status(_ seat: Seat) async throws -> [String: Verdict]
  /// What is wrong with a ledger, if anything is.
  func damage(ofColleague: Bool) async throws -> String?
}

/// How an operation was answered.
struct ModelAnswer: Sendable {
  enum Kind: Sendable, Equatable {
    /// Something that is done by hand has no answer.
    case none
    /// A deployment or a rollback that was begun is on record.
    case begun
    case refused(ReferenceModel.Refusal)
    /// It had no turn.
    case skipped
    /// No record is of it: one of the two before. A command with several targets says which only in words.
    case notBegun
    case other(String)
  }

  var kind: Kind
  /// The program's exit status, where there is a program.
  var exit: Int32?
  /// Whether what was to disturb it did so: a pull that fails never comes to `up`.
  var wasDisturbed = true
}

/// How a batch was answered.
struct ModelBatchAnswer: Sendable {
  /// On the first and on the second target.
  var targets: [ModelAnswer]
  /// The program's exit status, where there is a program.
  var exit: Int32?
}

extension ReferenceModel.Refusal {
  /// The exit status that the documents promise.
  var exit: Int32 {
    switch self {
    case .nothingToGoBackTo: 1
    case .usage: 64
    case .invalid: 69
    case .stopped: 130
    }
  }
}

extension ReferenceModel.Prediction {
  /// The exit status that the documents promise.
  var exit: Int32 {
    if let refusal { return refusal.exit }
    switch records.first?.outcome {
    case .succeeded, nil: return 0
    case .failed, .unknown: return 1
    case .cancelled: return 130
    case .interrupted: return 137
    }
  }
}
