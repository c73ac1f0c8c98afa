import Deployer
import Ledger

/// Where operations are carried out: the code over a host that is a value, or the program over real hosts.
protocol ModelPlace {
  /// What is the case now on one of the two targets.
  func world(ofSecond: Bool) async throws -> ModelWorld
  /// Does it on one target.
  mutating func perform(_ operation: Operation, onSecond: Bool) async throws -> ModelAnswer
  /// Does it on both; the answers of the first and the second target.
  mutating func perform(_ batch: Operation.Batch) async throws -> [ModelAnswer]
  /// The records after `id`, oldest first. Whether the host may have been changed is not on record.
  func records(after id: Int64) async throws -> [ModelRecord]
  func status(ofSecond: Bool) async throws -> [String: Verdict]
  /// What is wrong with the ledger, if anything is.
  func damage() async throws -> String?
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
    case other(String)
  }

  var kind: Kind
  /// The program's exit status, where there is a program.
  var exit: Int32?
  /// Whether what was to disturb it did so: a pull that fails never comes to `up`.
  var wasDisturbed = true
}

extension ReferenceModel.Prediction {
  /// The exit status that the documents promise.
  var exit: Int32 {
    switch refusal {
    case .nothingToGoBackTo: return 1
    case .usage: return 64
    case .stopped: return 130
    case nil: break
    }
    switch records.first?.outcome {
    case .succeeded, nil: return 0
    case .failed, .unknown: return 1
    case .cancelled: return 130
    case .interrupted: return 137
    }
  }
}
