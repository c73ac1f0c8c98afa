internal import CSQLite

/// A prepared statement. At the end of its scope it returns to its connection's idle statements, reset and without values.
struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let sql: String
  private let idle: IdleStatements

  init(handle: OpaquePointer, sql: String, idle: IdleStatements) {
    self.handle = handle
    self.sql = sql
    self.idle = idle
  }

  deinit {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    idle.put(handle, for: sql)
  }

  /// Binds by position, from 1. Text is bound by its UTF-8 byte count, so that a NUL inside survives.
  func bind(_ value: Value?, at position: Int32) throws(SQLiteError) {
    let status: Int32
    switch value {
    case nil:
      status = sqlite3_bind_null(handle, position)
    case .integer(let number):
      status = sqlite3_bind_int64(handle, position, number)
    case .text(let text):
      var copy = text
      status = copy.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          guard let start = characters.baseAddress else {
            return sqlite3_bind_text(handle, position, "", 0, csqlite_transient())
          }
          return sqlite3_bind_text(handle, position, start, Int32(characters.count), csqlite_transient())
        }
      }
    case .blob(let blob):
      status = blob.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return sqlite3_bind_zeroblob(handle, position, 0) }
        return sqlite3_bind_blob(handle, position, start, Int32(bytes.count), csqlite_transient())
      }
    }
    guard status == SQLITE_OK else { throw SQLiteError(sqlite3_db_handle(handle), code: status) }
  }

  func bind(_ values: [Value?]) throws(SQLiteError) {
    for (index, value) in values.enumerated() { try bind(value, at: Int32(index) + 1) }
  }

  /// Moves to the next row; false after the last one.
  func step() throws(SQLiteError) -> Bool {
    let status = sqlite3_step(handle)
    switch status {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw SQLiteError(sqlite3_db_handle(handle), code: status)
    }
  }

  /// Columns count from 0.
  func integer(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
  }

  /// Throws for a value that no ledger has there: what is shown must be what is stored, byte for byte.
  func text(_ column: Int32) throws(SQLiteError) -> String? {
    let storage = storage(column)
    guard storage != SQLITE_NULL else { return nil }
    let text = withBytes(column) { StoredText.isValid($0) ? String(decoding: $0, as: UTF8.self) : nil }
    guard storage == SQLITE_TEXT, let text else { throw .corrupt("a row has a text that is not valid") }
    return text
  }

  /// The same for what is left of a damaged ledger: with replacement characters for what is not UTF-8.
  func remainingText(_ column: Int32) -> String? {
    guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    return withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  func blob(_ column: Int32) -> [UInt8]? {
    guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    return withBytes(column) { [UInt8]($0) }
  }

  /// A column that every row of this kind has. The error calls it `name`.
  func text(_ column: Int32, _ name: String) throws(SQLiteError) -> String {
    guard let text = try text(column) else { throw .missing(name) }
    return text
  }

  /// A column that every row of this kind has. The error calls it `name`.
  func integer(_ column: Int32, _ name: String) throws(SQLiteError) -> Int64 {
    guard storage(column) == SQLITE_INTEGER, let integer = integer(column) else { throw .missing(name) }
    return integer
  }

  /// The storage class as SQLite numbers it: 1 integer, 2 float, 3 text, 4 blob, 5 NULL.
  func storage(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

  /// The stored bytes of a text or a blob, valid until the next step.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}

/// Statements that are prepared and not in use. To prepare a statement costs more than most of the ledger's queries.
final class IdleStatements {
  private var handles: [String: OpaquePointer] = [:]

  func take(_ sql: String) -> OpaquePointer? { handles.removeValue(forKey: sql) }

  func put(_ handle: OpaquePointer, for sql: String) {
    guard handles[sql] == nil, handles.count < 64 else {
      sqlite3_finalize(handle)
      return
    }
    handles[sql] = handle
  }

  func finalizeAll() {
    for handle in handles.values { sqlite3_finalize(handle) }
    handles.removeAll()
  }
}

extension SQLiteError {
  fileprivate static func missing(_ name: String) -> SQLiteError { .corrupt("a row has no valid \(name)") }
}
