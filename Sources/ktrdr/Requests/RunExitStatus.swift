import Deployer
import Ledger

extension RunSummary {
  /// One refusal keeps its own meaning; as soon as anything was begun, all that counts is whether all succeeded.
  var status: Int32 {
    if let signal = stop.signal, results.contains(where: \.wasStopped) { return 128 + signal }
    if results.allSatisfy({ $0.outcome.isSuccess }) { return 0 }
    let failures = results.compactMap { result -> Failure? in
      switch result.outcome {
      case .refused(let failure): Failure(failure)
      case .ended(let ended) where ended.wasLocked: Failure(status: ExitStatus.locked, lines: [])
      default: nil
      }
    }
    return Failure.status(of: failures, of: results.count)
  }
}

extension RunResult {
  fileprivate var wasStopped: Bool {
    switch outcome {
    case .ended(let ended): ended.outcome == .cancelled
    case .refused(.stopped): true
    default: false
    }
  }
}

extension Failure {
  /// The status of several targets, where `failures` were refused: theirs if they agree and nothing else was begun.
  static func status(of failures: [Failure], of count: Int) -> Int32 {
    guard failures.count == count, let first = failures.first, failures.allSatisfy({ $0.status == first.status }) else {
      return ExitStatus.notSucceeded
    }
    return first.status
  }

  /// The same, said of one target among several.
  func of(_ target: Target) -> Failure {
    Failure(status: status, lines: lines.map { $0.hasPrefix(" ") ? $0 : "\(target.name): \($0)" })
  }
}
