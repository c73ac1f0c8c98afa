import Deployer
import Ledger

/// How the request for one target ended, in a word, and why.
struct OutcomeWords: Sendable, Equatable {
  var word: String
  var color: Color
  var reason: String?

  init(_ outcome: Fleet.Outcome) {
    switch outcome {
    case .success(let ended):
      (word, color, reason) = (ended.outcome.rawValue, ended.outcome == .succeeded ? .green : .red, ended.reason)
    case .failure(.skipped(let reason)): (word, color, self.reason) = ("not started", .yellow, reason)
    case .failure(let failure): (word, color, reason) = ("refused", .red, Failure(failure).lines.first)
    }
  }
}
