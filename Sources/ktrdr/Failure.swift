import Deployer
import Ledger

/// What ends a command without success: the words for people, and the status for scripts. The one place that maps
/// errors to exit statuses.
struct Failure: Error {
  var status: Int32
  var lines: [String]

  static func usage(_ what: String, next: String) -> Failure {
    Failure(status: ExitStatus.usage, lines: [what, "  next: \(next)"])
  }

  init(status: Int32, lines: [String]) {
    self.status = status
    self.lines = lines
  }

  init(_ error: InventoryErrors) {
    self.init(status: ExitStatus.inventory, lines: error.message.split(separator: "\n").map(String.init))
  }

  init(_ error: LedgerError) {
    let status: Int32 =
      switch error {
      case .busy: ExitStatus.locked
      case _ where error.isDamage: ExitStatus.damaged
      default: ExitStatus.notSucceeded
      }
    self.init(status: status, lines: [error.message])
  }

  init(_ failure: DeployFailure) {
    switch failure {
    case .validation(let problems): self.init(status: ExitStatus.validation, lines: problems.flatMap(\.lines))
    case .secrets(let problems): self.init(status: ExitStatus.secrets, lines: problems.flatMap(\.lines))
    case .locked(let holder): self.init(status: ExitStatus.locked, lines: [holder])
    case .ledger(let error): self.init(error)
    case .nothingToRollBackTo(let lines): self.init(status: ExitStatus.notSucceeded, lines: lines)
    case .usage(let what, let next): self = .usage(what, next: next)
    case .skipped(let reason): self.init(status: ExitStatus.notSucceeded, lines: ["not begun: \(reason)"])
    case .sshUnavailable(let reason):
      self.init(
        status: ExitStatus.validation, lines: ["ssh could not be started: \(reason)", "  next: install openssh-client"])
    case .stopped: self.init(status: 130, lines: ["stopped before anything was changed"])
    }
  }
}

extension Problem {
  /// The problem and its next step, a line each.
  var lines: [String] { [what, "  next: \(nextStep)"] }
}
