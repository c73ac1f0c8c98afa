internal import CSQLite

/// Compares the stored schema with the expected text: a trigger can be dropped, and an index can lie.
enum SchemaCheck {
  /// What the migrations that the file has seen created is expected too.
  static func problems(
    in database: Database, after migrations: [Migration]
  ) throws(SQLiteError) -> [Verification.Problem] {
    let format = try database.integer("PRAGMA user_version") ?? 0
    let seen = migrations.prefix(Int(clamping: max(0, format - Schema.firstVersion)))
    let expected = Schema.all + seen.flatMap(\.statements).filter { $0.hasPrefix("CREATE ") }
    let stored = try database.rows("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'") {
      (name: $0.text(0) ?? "", sql: $0.text(1) ?? "")
    }
    var problems: [Verification.Problem] = []
    for sql in expected where !stored.contains(where: { Array($0.sql.utf8) == Array(sql.utf8) }) {
      let name = sql.split(whereSeparator: { $0 == " " || $0 == "\n" }).drop { !isName($0) }.first ?? ""
      problems.append(.init(what: "the schema's \(name) is missing or was changed"))
    }
    for (name, sql) in stored where !expected.contains(where: { Array($0.utf8) == Array(sql.utf8) }) {
      problems.append(.init(what: "the schema holds \(name), which is not as ktrdr made it"))
    }
    let application = try database.integer("PRAGMA application_id")
    if application != Schema.applicationID { problems.append(.init(what: "the application id was changed")) }
    return problems
  }

  private static func isName(_ word: Substring) -> Bool {
    !["CREATE", "UNIQUE", "TABLE", "INDEX", "VIEW", "TRIGGER"].contains(String(word))
  }
}

extension Database {
  /// SQLite's own check of the file; `nil` where it took longer than `seconds`, no problem is an empty list.
  func integrity(seconds: Double) throws(SQLiteError) -> [String]? {
    let deadline = Deadline(after: seconds)
    watch(deadline)
    defer { watch(nil) }
    do {
      return try rows("PRAGMA integrity_check(20)") { $0.text(0) ?? "" }.filter { $0 != "ok" }
    } catch {
      guard error.primary == SQLITE_INTERRUPT else { throw error }
      return nil
    }
  }
}
