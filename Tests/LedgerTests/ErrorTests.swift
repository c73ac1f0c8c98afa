import Testing

@testable import Ledger

private let file = "/state/ledger.db"

@Test(
  arguments: [
    (.busy(path: file), "try again"), (.diskFull(path: file), "free at least 16 MiB"),
    (.damaged(path: file, reason: "it has no genesis"), "it has no genesis; keep the file"),
    (.replaced(path: file, known: "1", found: "2"), "it was 1 and is now 2"),
    (.replaced(path: file, known: "1", found: nil), "remove /state/ledger.db.id"),
    (.notALedger(path: file, reason: "it is empty"), "move it away"),
    (.newerVersion(path: file, found: 3, supported: 1), "install a newer ktrdr"),
    (.readOnly(path: file), "deploy as its owner"), (.wrongKind(path: file, kind: "a FIFO"), "a FIFO"),
    (.wrongJournal(path: file, mode: "WAL"), "PRAGMA journal_mode=DELETE"),
    (.networkFilesystem(path: file, type: "NFS"), "NFS"), (.missing(path: file), "the first deployment creates it"),
    (.spooled(path: file, spool: "/state/ledger.db.spool-1", reason: "full"), "/state/ledger.db.spool-1"),
    (.notRecorded(path: file, reason: "full"), "write down the outcome"),
    (.io(path: file, reason: "Input/output error"), "check the disk"),
    (.noSuchDeployment(path: file, id: 7), "`ktrdr history`"), (.alreadyFinished(path: file, id: 7), "already ended"),
    (.noSuchText(path: file, deployment: 7, step: 2), "`ktrdr show 7`"),
  ] as [(LedgerError, String)])
func `an error names the file and the next step`(_ error: LedgerError, _ words: String) {
  #expect(error.message.contains(file) && error.message.contains(words), "\(error.message)")
}

@Test func `an error about a value names the field`() {
  #expect(
    LedgerError.invalid(field: "services", reason: "an item is empty").message
      == "the ledger does not accept this services: an item is empty")
}

/// Numbers, because a test of SQLite's own constants would need the C module.
@Test(
  arguments: [
    (5, "busy"), (6, "busy"), (13, "diskFull"), (8, "readOnly"),
    // Extended codes: SQLITE_CONSTRAINT_TRIGGER, SQLITE_CORRUPT_INDEX, SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_CORRUPTFS.
    (19 | 7 << 8, "damaged"), (11 | 3 << 8, "damaged"), (10 | 2 << 8, "damaged"), (10 | 33 << 8, "damaged"),
    (1, "damaged"), (9, "damaged"), (17, "damaged"), (18, "damaged"), (20, "damaged"), (24, "damaged"),
    (26, "damaged"), (10 | 1 << 8, "io"), (14, "io"), (7, "io"),
  ] as [(Int32, String)])
func `an error of SQLite is damage unless it is about the disk or another process`(_ code: Int32, _ name: String) {
  let error = LedgerError(SQLiteError(code: code, text: "reason"), path: file)
  #expect("\(error)".hasPrefix(name), "\(error)")
}

@Test func `the time between two events is never negative and never overflows`() {
  #expect(elapsed(from: 10, to: 15) == 5)
  #expect(elapsed(from: 15, to: 10) == 0)
  #expect(elapsed(from: .min, to: .max) == .max)
}
