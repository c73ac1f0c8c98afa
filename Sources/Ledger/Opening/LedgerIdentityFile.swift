internal import CSQLite
import Platform

/// Which ledger lives at a path, kept in a small file beside it. A ledger that was replaced, or has vanished, is so told from
/// one that was never there: nobody may begin a new history where there was one.
enum LedgerIdentityFile {
  static func file(beside ledger: String) -> String { ledger + ".id" }

  /// The id of the ledger that is known to live at `ledger`; `nil` where none is known.
  static func known(beside ledger: String) throws(LedgerError) -> String? {
    let file = file(beside: ledger)
    switch try FileKind(path: file) {
    case .missing: return nil
    case .other(let kind): throw .wrongKind(path: file, kind: kind)
    case .regular: break
    }
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(fileURLWithPath: file)) } catch {
      throw .io(path: file, reason: "it cannot be read")
    }
    let id = String(decoding: bytes.prefix(36), as: UTF8.self)
    guard bytes.count == 37, bytes.last == UInt8(ascii: "\n"), UUID(uuidString: id) != nil else {
      throw .damaged(
        path: file, reason: "it names no ledger; if the ledger beside it is the right one, remove this file")
    }
    return id
  }

  /// Refuses where another ledger than the known one is there, or none.
  static func check(_ found: String?, against known: String, path: String) throws(LedgerError) {
    guard found != known else { return }
    throw .replaced(path: path, known: known, found: found)
  }

  /// Remembers that the ledger `id` lives at `path`; whoever else was first must have found the same one.
  static func settle(_ id: String, at path: String) throws(LedgerError) {
    let file = file(beside: path)
    let draft = "\(file).new-\(getpid())-\(UUID().uuidString.lowercased())"
    try System.writeNew(draft, Array("\(id)\n".utf8))
    defer { unlink(draft) }
    if csqlite_rename_exclusive(draft, file) != 0 {
      guard errno == EEXIST else {
        throw .io(path: file, reason: "it cannot be given its name: \(System.reason())")
      }
      if let known = try known(beside: path) { try check(id, against: known, path: path) }
    }
    try System.syncDirectory(System.split(path).directory)
  }
}
