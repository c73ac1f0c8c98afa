internal import CSQLite

/// Compares the stored schema with the expected one: someone may have dropped a trigger, redefined an index or added
/// something. Whatever its name: SQLite reserves names that begin with `sqlite_`, but whoever can write the file can use them.
struct SchemaCheck {
  /// An object of a schema: a row of `sqlite_schema`. Compared by bytes.
  private struct Object: Hashable {
    var type: [UInt8]
    var name: [UInt8]
    var table: [UInt8]
    var sql: [UInt8]

    var shownName: String { String(decoding: name, as: UTF8.self) }
    var isTrigger: Bool { type.elementsEqual("trigger".utf8) }
    var isView: Bool { type.elementsEqual("view".utf8) }
    var isTable: Bool { type.elementsEqual("table".utf8) }
  }

  private let missing: [Object]
  private let added: [Object]

  init(of database: Database, after migrations: [Migration]) throws(SQLiteError) {
    let expected = try Self.expected(in: database, after: migrations).compactMap(Self.object)
    var rest = Set(expected)
    var added: [Object] = []
    let stored = try database.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema") { Self.object($0) }
    for object in stored where rest.remove(object) == nil { added.append(object) }
    missing = expected.filter(rest.contains)
    self.added = added
  }

  /// Everything that differs.
  var problems: [String] { missing.map(Self.lost) + added.map(Self.unexpected) }

  /// The first difference that matters for reading; `nil` if there is none. Queries rely on tables and indexes: with another
  /// index they can silently leave out rows. A trigger cannot; whoever writes looks at what was stored.
  var firstForReading: String? {
    missing.first { !$0.isView && !$0.isTrigger }.map(Self.lost)
      ?? added.first { !$0.isView && !$0.isTrigger && !$0.isTable }.map(Self.unexpected)
  }

  private static func lost(_ object: Object) -> String {
    "the schema's \(object.shownName) is missing or was changed"
  }

  private static func unexpected(_ object: Object) -> String {
    guard object.isTable, object.name.starts(with: "sqlite_stat".utf8) else {
      return "the schema contains \(object.shownName), which ktrdr did not create like this"
    }
    // No statement needs it, because each names its index; and no hash covers what it tells SQLite.
    return "the schema contains \(object.shownName), which ANALYZE creates: "
      + "remove it with `DROP TABLE \(object.shownName)`"
  }

  /// The statements of the first format and of the migrations that the file has been through.
  private static func expected(in database: Database, after migrations: [Migration]) throws(SQLiteError) -> [String] {
    let format = try database.integer("PRAGMA user_version") ?? 0
    let applied = migrations.prefix(Int(clamping: max(0, format - Schema.firstVersion)))
    return Schema.all + applied.flatMap(\.statements).filter { $0.hasPrefix("CREATE ") }
  }

  /// The row that a statement leaves. The second word that is not a keyword is the name, and after the first ON comes the
  /// table that an index or a trigger belongs to.
  private static func object(_ sql: String) -> Object? {
    let bytes = Array(sql.utf8)
    let words = bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    let kinds = ["TABLE", "INDEX", "VIEW", "TRIGGER"].map { Array($0.utf8)[...] }
    guard let keyword = words.firstIndex(where: kinds.contains), words.indices.contains(keyword + 1) else { return nil }
    let (kind, name) = (words[keyword], words[keyword + 1])
    let isOwnTable = kind == kinds[0] || kind == kinds[2]
    let owner = isOwnTable ? name : words.firstIndex { $0.elementsEqual("ON".utf8) }.map { words[$0 + 1] } ?? []
    let type = kind.map { $0 | 0x20 }  // in lower case
    return Object(type: type, name: Array(name), table: Array(owner), sql: bytes)
  }

  /// Columns of another type than TEXT are read as empty, which no expected object has.
  private static func object(_ row: borrowing Statement) -> Object {
    func bytes(_ column: Int32) -> [UInt8] { row.storage(column) == 3 ? row.blob(column) ?? [] : [] }
    return Object(type: bytes(0), name: bytes(1), table: bytes(2), sql: bytes(3))
  }
}

extension Database {
  /// The problems that SQLite's own check of the file finds; `nil` if it takes longer than `seconds`.
  func integrity(seconds: Double) throws(SQLiteError) -> [String]? {
    do {
      return try limited(by: WorkLimit(seconds: seconds)) { () throws(SQLiteError) in
        try rows("PRAGMA integrity_check(20)") { $0.remainingText(0) ?? "" }.filter { $0 != "ok" }
      }
    } catch {
      guard error.primary == SQLITE_INTERRUPT else { throw error }
      return nil
    }
  }
}
