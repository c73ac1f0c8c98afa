internal import CSQLite

/// Compares the stored schema with the expected text: someone may have dropped a trigger or redefined an index.
enum SchemaCheck {
  /// Everything that differs, including the application id.
  static func problems(
    in database: Database, after migrations: [Migration]
  ) throws(SQLiteError) -> [Verification.Problem] {
    let expected = try expected(in: database, after: migrations)
    let stored = try database.rows("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'") {
      (name: $0.text(0) ?? "", sql: $0.blob(1) ?? [])
    }
    var problems = missing(expected, from: stored.map(\.sql)).map { Verification.Problem(what: $0) }
    let known = Set(expected.map { Array($0.utf8) })
    for (name, sql) in stored where !known.contains(sql) {
      problems.append(.init(what: "the schema contains \(name), which ktrdr did not create like this"))
    }
    let application = try database.integer("PRAGMA application_id")
    if application != Schema.applicationID { problems.append(.init(what: "the application id was changed")) }
    return problems
  }

  /// The first table or index that is missing or was changed; `nil` if there is none. Queries rely on them: with another
  /// index they can silently leave out rows. Nothing else in the schema matters for reading.
  static func changedTable(in database: Database, after migrations: [Migration]) throws(SQLiteError) -> String? {
    let expected = try expected(in: database, after: migrations).filter { !["VIEW", "TRIGGER"].contains(kind(of: $0)) }
    let stored = try database.rows("SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index')") {
      $0.blob(0) ?? []
    }
    return missing(expected, from: stored).first
  }

  /// The statements of the first format and of the migrations that the file has been through.
  private static func expected(in database: Database, after migrations: [Migration]) throws(SQLiteError) -> [String] {
    let format = try database.integer("PRAGMA user_version") ?? 0
    let applied = migrations.prefix(Int(clamping: max(0, format - Schema.firstVersion)))
    return Schema.all + applied.flatMap(\.statements).filter { $0.hasPrefix("CREATE ") }
  }

  private static func missing(_ expected: [String], from stored: [[UInt8]]) -> [String] {
    let stored = Set(stored)
    return expected.filter { !stored.contains(Array($0.utf8)) }.map { sql in
      "the schema's \(words(of: sql).drop { !isName($0) }.first ?? "") is missing or was changed"
    }
  }

  private static func words(of sql: String) -> [Substring] { sql.split { $0 == " " || $0 == "\n" } }

  private static func kind(of sql: String) -> Substring { words(of: sql)[1] }

  private static func isName(_ word: Substring) -> Bool {
    !["CREATE", "UNIQUE", "TABLE", "INDEX", "VIEW", "TRIGGER"].contains(String(word))
  }
}

extension Database {
  /// The problems that SQLite's own check of the file finds; `nil` if it takes longer than `seconds`.
  func integrity(seconds: Double) throws(SQLiteError) -> [String]? {
    do {
      return try limited(by: WorkLimit(seconds: seconds)) { () throws(SQLiteError) in
        try rows("PRAGMA integrity_check(20)") { $0.text(0) ?? "" }.filter { $0 != "ok" }
      }
    } catch {
      guard error.primary == SQLITE_INTERRUPT else { throw error }
      return nil
    }
  }
}
