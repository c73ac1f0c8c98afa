internal import CSQLite
import Platform

/// The id of the ledger at a path, kept in a small file beside it. It shows that a ledger was replaced or has disappeared:
/// no new history may begin where another one was.
enum LedgerIdentityFile {
  static func file(beside ledger: String) -> String { ledger + ".id" }

  /// The id in the file beside `ledger`; `nil` if there is no such file.
  static func read(beside ledger: String) throws(LedgerError) -> String? {
    let file = file(beside: ledger)
    switch try FileKind(path: file) {
    case .missing: return nil
    case .other(let kind): throw .wrongKind(path: file, kind: kind)
    case .regular: break
    }
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(fileURLWithPath: file)) } catch {
      throw .io(path: file, reason: "cannot read the file")
    }
    let id = String(decoding: bytes.prefix(36), as: UTF8.self)
    guard bytes.count == 37, bytes.last == UInt8(ascii: "\n"), UInt128(uuid: bytes.prefix(36)) != nil else {
      throw .damaged(
        path: file, reason: "it contains no ledger id; if the ledger beside it is the right one, remove this file")
    }
    return id
  }

  /// Throws if the ledger that was `found` at `path` is not the one that was there before; `nil` if there is none now.
  static func check(_ found: String?, against known: String, path: String) throws(LedgerError) {
    guard found != known else { return }
    throw .replaced(path: path, known: known, found: found)
  }

  /// Records that the ledger `id` is the one at `path`. If another process recorded an id first, it must be the same.
  static func write(_ id: String, beside path: String) throws(LedgerError) {
    let file = file(beside: path)
    let draft = "\(file).new-\(getpid())-\(UUID().uuidString.lowercased())"
    try System.writeNew(draft, Array("\(id)\n".utf8))
    defer { unlink(draft) }
    if csqlite_rename_exclusive(draft, file) != 0 {
      guard errno == EEXIST else { throw .io(path: file, reason: "cannot rename the new file: \(System.reason())") }
      if let known = try read(beside: path) { try check(id, against: known, path: path) }
    }
    try System.syncDirectory(System.split(path).directory)
  }
}
