/// Why the ledger could not be read or written. `message` names the file, the reason and the next step.
public enum LedgerError: Error, Equatable, Sendable {
  /// Another process held the write lock for 10 seconds.
  case busy(path: String)
  /// Less room than a deployment's record needs: 16 MiB when it starts.
  case diskFull(path: String)
  /// The file is a ledger, but it is damaged or was tampered with.
  case damaged(path: String, reason: String)
  /// There is another ledger at this path than before; `found` is `nil` if there is none.
  case replaced(path: String, known: String, found: String?)
  /// The file is not a ledger: it is empty, another program's, or not a database.
  case notALedger(path: String, reason: String)
  /// A newer ktrdr wrote this ledger.
  case newerVersion(path: String, found: Int64, supported: Int64)
  /// This user can read the ledger, but not write it.
  case readOnly(path: String)
  /// A directory, a FIFO, a symbolic link or something else that is not a regular file.
  case wrongKind(path: String, kind: String)
  /// The ledger was switched to another journal mode, in which a power cut or a copy can lose events.
  case wrongJournal(path: String, mode: String)
  /// Locks and syncs are not reliable on this file system.
  case networkFilesystem(path: String, type: String)
  /// There is no ledger yet.
  case missing(path: String)
  /// The deployment happened, but its end is in the spool file instead of the ledger. The next command records it.
  case spooled(path: String, spool: String, reason: String)
  /// Neither the ledger nor the spool file could be written.
  case notRecorded(path: String, reason: String)
  /// The system reported an error for this file.
  case io(path: String, reason: String)
  /// A value that the ledger does not accept.
  case invalid(field: String, reason: String)
  /// No deployment has this number.
  case noSuchDeployment(path: String, id: Int64)
  /// Nothing can be added to a deployment that has ended.
  case alreadyFinished(path: String, id: Int64)
  /// There is no such step, or it has no output.
  case noSuchText(path: String, deployment: Int64, step: Int)

  /// True if the file itself is wrong, which is exit status 65.
  public var isDamage: Bool {
    switch self {
    case .damaged, .replaced, .notALedger, .wrongKind, .wrongJournal: true
    default: false
    }
  }
}

extension LedgerError {
  /// What happened, to which file, and what to do next.
  public var message: String {
    switch self {
    case .busy(let path):
      "the ledger \(path) is busy: another process held it for 10 seconds; try again"
    case .diskFull(let path):
      "the disk with the ledger \(path) is full; free at least 16 MiB and try again"
    case .damaged(let path, let reason):
      "the ledger \(path) is damaged: \(reason); keep the file, run `ktrdr ledger verify`, restore a backup"
    case .replaced(let path, let known, let found?):
      "the ledger at \(path) was replaced: it was \(known) and is now \(found); nothing was changed; restore the old one, "
        + "or if the change is intended, remove \(LedgerIdentityFile.file(beside: path))"
    case .replaced(let path, let known, nil):
      "the ledger \(known) at \(path) has disappeared; restore it, or to start a new one, "
        + "remove \(LedgerIdentityFile.file(beside: path))"
    case .notALedger(let path, let reason):
      "\(path) is not a ledger: \(reason); nothing was changed; move it away or name another file with --ledger"
    case .newerVersion(let path, let found, let supported):
      "the ledger \(path) has format \(found), but this ktrdr supports up to format \(supported); install a newer ktrdr"
    case .readOnly(let path):
      "no permission to write the ledger \(path); deploy as its owner or name another ledger with --ledger"
    case .wrongKind(let path, let kind):
      "\(path) is \(kind), not a regular file; nothing was changed; name the ledger's own path with --ledger"
    case .wrongJournal(let path, let mode):
      "the ledger \(path) was switched to journal mode \(mode), which can lose events; nothing was changed; "
        + "close every program that has it open and run `sqlite3 \(path) 'PRAGMA journal_mode=DELETE'`"
    case .networkFilesystem(let path, let type):
      "the ledger \(path) is on \(type), where locks are not reliable; "
        + "name a local file with --ledger or set XDG_STATE_HOME to a local directory"
    case .missing(let path):
      "no ledger at \(path) yet; the first deployment creates it, or name another ledger with --ledger"
    case .spooled(let path, let spool, let reason):
      "deployed, NOT recorded in the ledger \(path): \(reason); the end of the deployment is saved in \(spool), "
        + "and the next ktrdr command that can write the ledger records it"
    case .notRecorded(let path, let reason):
      "deployed, NOT recorded: could write neither the ledger \(path) nor a spool file beside it: \(reason); "
        + "write down the outcome and check the disk"
    case .io(let path, let reason):
      "cannot use the ledger \(path): \(reason); check the disk and the directory's permissions"
    case .invalid(let field, let reason):
      "the ledger does not accept this \(field): \(reason)"
    case .noSuchDeployment(let path, let id):
      "the ledger \(path) has no deployment \(id); `ktrdr history` lists them"
    case .alreadyFinished(let path, let id):
      "deployment \(id) in the ledger \(path) has already ended; nothing can be added to it"
    case .noSuchText(let path, let deployment, let step):
      "step \(step) of deployment \(deployment) in the ledger \(path) has no output; "
        + "`ktrdr show \(deployment)` lists its steps"
    }
  }
}
