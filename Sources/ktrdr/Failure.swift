import Deployer
import Ledger

/// What ends a command without success: the words for people, and the status for scripts. The one place that maps
/// errors to exit statuses.
struct Failure: Error {
  var status: Int32
  var lines: [String]

  /// Each status has one meaning; see "Exit status" in the documentation.
  enum Status {
    static let notSucceeded: Int32 = 1
    static let answerIsNo: Int32 = 3
    static let usage: Int32 = 64
    static let damaged: Int32 = 65
    static let validation: Int32 = 69
    static let locked: Int32 = 75
    static let secrets: Int32 = 77
    static let inventory: Int32 = 78
  }

  static func usage(_ what: String, next: String) -> Failure {
    Failure(status: Status.usage, lines: [what, "  next: \(next)"])
  }

  init(status: Int32, lines: [String]) {
    self.status = status
    self.lines = lines
  }

  init(_ error: InventoryErrors) {
    self.init(status: Status.inventory, lines: error.message.split(separator: "\n").map(String.init))
  }

  init(_ error: LedgerError) {
    let status: Int32 =
      switch error {
      case .busy: Status.locked
      case _ where error.isDamage: Status.damaged
      default: Status.notSucceeded
      }
    self.init(status: status, lines: [error.message])
  }

  init(_ failure: DeployFailure) {
    switch failure {
    case .validation(let problems): self.init(status: Status.validation, lines: problems.flatMap(\.lines))
    case .secrets(let problems): self.init(status: Status.secrets, lines: problems.flatMap(\.lines))
    case .locked(let holder): self.init(status: Status.locked, lines: [holder])
    case .ledger(let error): self.init(error)
    case .nothingToRollBackTo(let lines): self.init(status: Status.notSucceeded, lines: lines)
    case .usage(let what, let next): self = .usage(what, next: next)
    case .noSSH(let reason):
      self.init(
        status: Status.validation, lines: ["ssh could not be started: \(reason)", "  next: install openssh-client"])
    case .stopped: self.init(status: 130, lines: ["stopped before anything was changed"])
    }
  }
}

extension Problem {
  /// The problem and its next step, a line each.
  var lines: [String] { [what, "  next: \(nextStep)"] }
}
