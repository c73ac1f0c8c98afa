internal import CSQLite
import Platform

/// Creates a ledger completely or not at all: under another name, synced, then renamed without replacing anything.
enum Creation {
  /// When this returns there is a ledger at `path`: this one, or that of another process that was first.
  static func create(path: String, at: Int64) throws(LedgerError) {
    let (directory, _) = System.split(path)
    if let type = NetworkFilesystem.type(under: directory) { throw .networkFilesystem(path: path, type: type) }
    let draft = "\(path).new-\(getpid())-\(UUID().uuidString.lowercased())"
    try System.writeNew(draft, [])
    defer { unlink(draft) }
    do {
      try fill(draft, at: at)
    } catch {
      throw LedgerError(error, path: path)
    }
    guard csqlite_rename_exclusive(draft, path) == 0 || errno == EEXIST else {
      throw .io(path: path, reason: "cannot rename the new ledger: \(System.reason())")
    }
    try System.syncDirectory(directory)
  }

  /// Writes the schema and the genesis, and commits them with the same syncs as every later event.
  private static func fill(_ path: String, at: Int64) throws(SQLiteError) {
    let database = try Database(path: path)
    try database.execute("PRAGMA page_size=\(Schema.pageSize)")
    try Connection.configure(database, isWriter: true)
    try database.execute("PRAGMA application_id=\(Schema.applicationID); PRAGMA journal_mode=DELETE")
    try database.run("BEGIN IMMEDIATE")
    for statement in Schema.all { try database.execute(statement) }
    try database.execute("PRAGMA user_version=\(Schema.firstVersion)")
    var genesis = Event(.genesis)
    let ledgerID = UUID().uuidString.lowercased()
    genesis[.seq] = .integer(1)
    genesis[.at] = .integer(at)
    genesis[.uuid] = .text(ledgerID)
    genesis[.format] = .integer(Schema.firstVersion)
    try database.insert(genesis, hash: genesis.hash(ledgerID: ledgerID, previous: Chain.origin))
    try database.run("COMMIT")
  }
}

extension Database {
  private static let insertEvent: String = {
    let values = Array(repeating: "?", count: Column.allCases.count + 1).joined(separator: ", ")
    return "INSERT INTO event (\(Column.list), hash) VALUES (\(values))"
  }()

  func insert(_ event: Event, hash: [UInt8]) throws(SQLiteError) {
    try insertRow(Self.insertEvent, event.values + [.blob(hash)])
    // A trigger can also change or remove the row after it was inserted.
    guard try contains(event, hash: hash) else { throw .corrupt("it did not keep what was written") }
  }
}
