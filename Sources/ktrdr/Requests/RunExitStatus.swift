import Deployer
import Ledger

extension RunSummary {
  /// 128 + n if signal n stopped a deployment, 0 if all targets succeeded, the status of the failure if no target was
  /// started for the same reason, otherwise 1.
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
  /// The exit status for `count` targets of which `failures` did not start: theirs if no target started and all failures
  /// agree, otherwise 1.
  static func status(of failures: [Failure], of count: Int) -> Int32 {
    guard failures.count == count, let first = failures.first, failures.allSatisfy({ $0.status == first.status }) else {
      return ExitStatus.notSucceeded
    }
    return first.status
  }

  /// The failure with the target's name, if there are several targets.
  func prefixed(with target: Target) -> Failure {
    Failure(status: status, lines: lines.map { $0.hasPrefix(" ") ? $0 : "\(target.name): \($0)" })
  }
}
