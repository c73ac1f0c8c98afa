/// Why the ledger could not be read or written. `message` names the file, the reason and the next step.
public enum LedgerError: Error, Equatable, Sendable {
  /// Another process held the write lock for the whole 10 seconds.
  case busy(path: String)
  /// Less room than a deployment's record needs: at its start 16 MiB are asked for.
  case diskFull(path: String)
  /// The file is a ledger, but damaged or tampered with.
  case damaged(path: String, reason: String)
  /// Another ledger than the one that lived at this path is there now; `found` is `nil` where none is.
  case replaced(path: String, known: String, found: String?)
  /// The file is no ledger: empty, another program's, or not a database.
  case notALedger(path: String, reason: String)
  /// A newer ktrdr wrote this ledger.
  case newerVersion(path: String, found: Int64, supported: Int64)
  /// This user may read the ledger, but not write it.
  case readOnly(path: String)
  /// A directory, a FIFO, a symbolic link or another thing that is no regular file.
  case wrongKind(path: String, kind: String)
  /// The ledger was switched to another journal mode, in which a power cut or a copy can lose events.
  case wrongJournal(path: String, mode: String)
  /// Locks and syncs cannot be relied on there.
  case networkFilesystem(path: String, type: String)
  /// There is no ledger yet.
  case missing(path: String)
  /// The deployment happened, but its end is in the spool file instead of the ledger. The next command records it.
  case spooled(path: String, spool: String, reason: String)
  /// Neither the ledger nor the spool could be written.
  case notRecorded(path: String, reason: String)
  /// The system reported an error on this file.
  case io(path: String, reason: String)
  /// A value that the ledger does not take.
  case invalid(field: String, reason: String)
  /// No deployment has this number.
  case noSuchDeployment(path: String, id: Int64)
  /// Nothing follows a deployment's end.
  case alreadyFinished(path: String, id: Int64)
  /// No such step, or it has no text.
  case noSuchText(path: String, deployment: Int64, step: Int)

  /// True where the file itself is wrong, which is exit status 65.
  public var isDamage: Bool {
    switch self {
    case .damaged, .replaced, .notALedger, .wrongKind, .wrongJournal: true
    default: false
    }
  }
}

extension LedgerError {
  /// What happened, with which file, and what to do next.
  public var message: String {
    switch self {
    case .busy(let path):
      "the ledger \(path) is busy: another process held it for 10 seconds; try again"
    case .diskFull(let path):
      "the disk that holds the ledger \(path) is full; free at least 16 MiB and try again"
    case .damaged(let path, let reason):
      "the ledger \(path) is damaged: \(reason); keep the file, run `ktrdr ledger verify`, restore a backup"
    case .replaced(let path, let known, let found?):
      "the ledger \(known) that was at \(path) until now has been replaced by \(found); nothing was changed; restore it, or "
        + "if that was meant, remove the file \(LedgerIdentityFile.file(beside: path))"
    case .replaced(let path, let known, nil):
      "the ledger \(known) that was at \(path) until now has vanished; restore it, or if a new one is to begin, "
        + "remove the file \(LedgerIdentityFile.file(beside: path))"
    case .notALedger(let path, let reason):
      "\(path) is not a ledger: \(reason); nothing was changed; move it away or name another file with --ledger"
    case .newerVersion(let path, let found, let supported):
      "the ledger \(path) has format \(found), this ktrdr knows format \(supported); install a newer ktrdr"
    case .readOnly(let path):
      "the ledger \(path) may only be read by this user; deploy as its owner or name another with --ledger"
    case .wrongKind(let path, let kind):
      "\(path) is \(kind), not a regular file; nothing was changed; name the ledger's own path with --ledger"
    case .wrongJournal(let path, let mode):
      "the ledger \(path) was switched to journal mode \(mode), which can lose events; nothing was changed; "
        + "close every program that has it open and run `sqlite3 \(path) 'PRAGMA journal_mode=DELETE'`"
    case .networkFilesystem(let path, let type):
      "the ledger \(path) would be on \(type), where locks cannot be relied on; "
        + "name a local file with --ledger or set XDG_STATE_HOME to a local directory"
    case .missing(let path):
      "there is no ledger at \(path) yet; the first deployment makes it, or name another with --ledger"
    case .spooled(let path, let spool, let reason):
      "deployed, NOT recorded in the ledger \(path): \(reason); the end of the deployment is kept in \(spool), "
        + "and the next ktrdr command that can write the ledger records it"
    case .notRecorded(let path, let reason):
      "deployed, NOT recorded: neither the ledger \(path) nor a spool file beside it could be written: \(reason); "
        + "note the outcome by hand and check the disk"
    case .io(let path, let reason):
      "the ledger \(path) could not be used: \(reason); check the disk and the rights of the directory"
    case .invalid(let field, let reason):
      "the ledger does not take this \(field): \(reason)"
    case .noSuchDeployment(let path, let id):
      "the ledger \(path) has no deployment \(id); `ktrdr history` lists them"
    case .alreadyFinished(let path, let id):
      "deployment \(id) in the ledger \(path) has finished, and nothing follows a deployment's end"
    case .noSuchText(let path, let deployment, let step):
      "step \(step) of deployment \(deployment) in the ledger \(path) has no text; "
        + "`ktrdr show \(deployment)` lists its steps"
    }
  }
}
