internal import CSQLite

/// One connection. It is not Sendable: an actor owns it.
final class Database {
  let handle: OpaquePointer
  private let idle = IdleStatements()
  /// True while a `WorkLimit` applies.
  var isLimited = false

  /// Opens an existing file. It never follows a symbolic link and never creates a file. A file that cannot be written is
  /// opened for reading, and `isReadOnly` is true.
  init(path: String) throws(SQLiteError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX
    let status = sqlite3_open_v2(path, &opened, flags, nil)
    guard status == SQLITE_OK, let opened else {
      let error = SQLiteError(opened, code: status)
      sqlite3_close_v2(opened)
      throw error
    }
    handle = opened
    sqlite3_busy_timeout(handle, 10_000)
    csqlite_set_defensive(handle, 1)
    csqlite_distrust_schema(handle)
  }

  deinit {
    idle.finalizeAll()
    sqlite3_close_v2(handle)
  }

  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// The first bytes of the file, read through this connection's own descriptor; `nil` if the file is shorter.
  func firstBytes(count: Int) throws(SQLiteError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let status = csqlite_read_start(handle, &bytes, Int32(count))
    if status == SQLiteError.shortRead { return nil }
    guard status == SQLITE_OK else { throw SQLiteError(code: status, text: String(cString: sqlite3_errstr(status))) }
    return bytes
  }

  /// The size of the file in bytes, from this connection's own descriptor.
  func fileSize() throws(SQLiteError) -> Int64 {
    var file: UnsafeMutablePointer<sqlite3_file>?
    var status = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    var size: sqlite3_int64 = 0
    if status == SQLITE_OK { status = file?.pointee.pMethods?.pointee.xFileSize?(file, &size) ?? SQLITE_CANTOPEN }
    guard status == SQLITE_OK else { throw SQLiteError(code: status, text: String(cString: sqlite3_errstr(status))) }
    return size
  }

  func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    if let ready = idle.take(sql) { return Statement(handle: ready, sql: sql, idle: idle) }
    var prepared: OpaquePointer?
    let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard status == SQLITE_OK, let prepared else { throw SQLiteError(handle, code: status) }
    return Statement(handle: prepared, sql: sql, idle: idle)
  }

  /// Runs statements that return nothing and run only once, such as a schema.
  func execute(_ sql: String) throws(SQLiteError) {
    let status = sqlite3_exec(handle, sql, nil, nil, nil)
    guard status == SQLITE_OK else { throw SQLiteError(handle, code: status) }
  }

  /// Runs one statement to its end.
  func run(_ sql: String, _ values: [Value?] = []) throws(SQLiteError) {
    let statement = try prepare(sql)
    try statement.bind(values)
    while try statement.step() {}
  }

  /// Adds one row. A trigger that someone added could skip it, and SQLite would report success.
  func insertRow(_ sql: String, _ values: [Value?]) throws(SQLiteError) {
    try run(sql, values)
    guard sqlite3_changes(handle) == 1 else { throw .corrupt("it did not keep what was written") }
  }

  /// The first column of the first row.
  func integer(_ sql: String, _ values: [Value?] = []) throws(SQLiteError) -> Int64? {
    let statement = try prepare(sql)
    try statement.bind(values)
    return try statement.step() ? statement.integer(0) : nil
  }

  func text(_ sql: String, _ values: [Value?] = []) throws(SQLiteError) -> String? {
    let statement = try prepare(sql)
    try statement.bind(values)
    return try statement.step() ? try statement.text(0) : nil
  }

  /// One value for each row.
  func rows<Row>(
    _ sql: String, _ values: [Value?] = [], _ read: (borrowing Statement) throws(SQLiteError) -> Row
  ) throws(SQLiteError) -> [Row] {
    let statement = try prepare(sql)
    try statement.bind(values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }
}
