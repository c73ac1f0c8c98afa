import Deployer
import Ledger

extension RunSummary {
  /// One refusal keeps its own meaning; as soon as anything was begun, all that counts is whether all succeeded.
  var status: Int32 {
    if let signal = stop.signal, results.contains(where: \.wasStopped) { return 128 + signal }
    if results.allSatisfy(\.outcome.isSuccess) { return 0 }
    let failures = results.compactMap { result -> Failure? in
      switch result.outcome {
      case .failure(.skipped): nil
      case .failure(let failure): Failure(failure)
      case .success(let ended): ended.wasLocked ? Failure(status: ExitStatus.locked, lines: []) : nil
      }
    }
    return Failure.status(of: failures, of: results.count)
  }
}

extension RunResult {
  fileprivate var wasStopped: Bool {
    switch outcome {
    case .success(let ended): ended.outcome == .cancelled
    case .failure(let failure): failure == .stopped
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
