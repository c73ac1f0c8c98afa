internal import CSQLite
import Platform

/// The end of a deployment that could not be appended, with what was to be appended just before it, saved in a file beside
/// the ledger.
struct SpooledFinish: Codable, Equatable {
  var format = 1
  var ledger: String
  var deployment: Int64
  var at: Int64
  var outcome: String
  var reason: String?
  var durationMS: Int64
  var composeDigest: String?
  /// `nil` in the file of an early ktrdr, which saved only the end.
  var steps: [StepRecord]?
  var images: [ImageRecord]?

  var finish: Finish {
    Finish(
      outcome: Outcome(stored: outcome.utf8) ?? .unknown, reason: reason, durationMS: durationMS,
      composeDigest: composeDigest)
  }
}

extension SpooledFinish {
  private static let infix = ".spool-"

  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.dateEncodingStrategy = .millisecondsSince1970
      return [UInt8](try encoder.encode(self))
    }
  }

  /// `nil` if there is no valid one in the file.
  init?(file: String) {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .millisecondsSince1970
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: file)),
      let entry = try? decoder.decode(Self.self, from: bytes)
    else { return nil }
    self = entry
  }

  static func file(beside ledger: String, of deployment: Int64) -> String { "\(ledger)\(infix)\(deployment)" }

  /// The spool files beside a ledger. A file that is still being written has another name.
  static func files(beside ledger: String) -> [String] {
    let (directory, name) = System.split(ledger)
    let prefix = Array((name + infix).utf8)
    return System.list(directory).filter { file in
      let rest = file.utf8.dropFirst(prefix.count)
      return file.utf8.starts(with: prefix) && !rest.isEmpty && rest.allSatisfy(StoredText.isDigit)
    }.map { directory + "/" + $0 }
  }
}

extension DeploymentLedger {
  /// Writes the spool file, syncs it, and throws `.spooled`, or `.notRecorded` if that failed too.
  func spool(
    _ finish: Finish, steps: [StepRecord], images: [ImageRecord], of id: Int64, because error: LedgerError
  ) throws(LedgerError) {
    let entry = SpooledFinish(
      ledger: self.id, deployment: id, at: milliseconds(of: now()), outcome: finish.outcome.rawValue,
      reason: finish.reason, durationMS: finish.durationMS, composeDigest: finish.composeDigest,
      steps: steps, images: images)
    let file = SpooledFinish.file(beside: path, of: id)
    let draft = "\(file).new-\(getpid())"
    do {
      try System.writeNew(draft, entry.json)
      defer { unlink(draft) }
      guard csqlite_rename_exclusive(draft, file) == 0 else {
        throw LedgerError.io(path: file, reason: "cannot rename the new file: \(System.reason())")
      }
      try System.syncDirectory(System.split(path).directory)
    } catch let failure as LedgerError {
      throw .notRecorded(path: path, reason: "\(error.message); \(failure.message)")
    } catch let failure {
      throw .notRecorded(path: path, reason: "\(error.message); \(failure)")
    }
    throw .spooled(path: path, spool: file, reason: error.message)
  }

  /// Records the ends in spool files, each once. A file that does not belong to this ledger stays where it is.
  func ingestSpool() throws(LedgerError) {
    for spool in SpooledFinish.files(beside: path) {
      guard let entry = SpooledFinish(file: spool), entry.ledger == id else { continue }
      let details = drafts(
        steps: entry.steps ?? [], images: entry.images ?? [], of: entry.deployment, at: entry.at)
      do {
        try record(entry.finish, after: details, of: entry.deployment, at: entry.at)
      } catch .alreadyFinished {
        // Another process recorded it, or an earlier one that died before it removed the file.
      }
      unlink(spool)
      try System.syncDirectory(System.split(path).directory)
    }
  }
}
