import Deployer
import Ledger

/// What ends a command without success: the lines to print and the exit status. The only place that maps errors to exit
/// statuses.
struct Failure: Error {
  var status: Int32
  var lines: [String]

  init(status: Int32, lines: [String]) {
    self.status = status
    self.lines = lines
  }

  init(status: Int32, _ error: some OperatorError) { self.init(status: status, lines: error.lines) }

  init(status: Int32, _ what: String, next: String?) {
    self.init(status: status, lines: ErrorText.lines(what, next: next))
  }

  static func usage(_ what: String, next: String) -> Failure {
    Failure(status: ExitStatus.usage, what, next: next)
  }

  static func noLedger(at path: String) -> Failure {
    .usage("no ledger at \(path)", next: "deploy something first, or choose another ledger with --ledger")
  }

  init(_ error: UnknownTarget) { self.init(status: ExitStatus.usage, error) }

  init(_ error: GitError) { self.init(status: ExitStatus.usage, error) }

  init(_ error: InventoryErrors) { self.init(status: ExitStatus.inventory, error) }

  init(_ error: LedgerError) {
    let status: Int32 =
      switch error {
      case .busy: ExitStatus.locked
      case _ where error.isDamage: ExitStatus.damaged
      default: ExitStatus.notSucceeded
      }
    self.init(status: status, error)
  }

  init(_ failure: DeployFailure) {
    switch failure {
    case .validation(let problems): self.init(status: ExitStatus.validation, lines: problems.flatMap(\.lines))
    case .secrets(let problems): self.init(status: ExitStatus.secrets, lines: problems.flatMap(\.lines))
    case .locked(let holder): self.init(status: ExitStatus.locked, holder, next: "let ktrdr wait for it: --wait 5m")
    case .ledger(let error): self.init(error)
    case .nothingToRollBackTo(let reasons, let next):
      self.init(
        status: ExitStatus.notSucceeded,
        lines: ErrorText.lines(
          reasons.first ?? "", details: Array(reasons.dropFirst()), next: next))
    case .usage(let what, let next): self.init(status: ExitStatus.usage, what, next: next)
    case .skipped(let reason): self.init(status: ExitStatus.notSucceeded, "not started: \(reason)", next: nil)
    case .sshUnavailable(let reason):
      self.init(
        status: ExitStatus.validation, "could not start ssh: \(reason)", next: "install openssh-client")
    case .stopped: self.init(status: 130, "stopped before anything was changed", next: nil)
    }
  }
}
