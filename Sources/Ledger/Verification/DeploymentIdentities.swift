/// Checks that no two deployments have the same UUID, without keeping those of a whole ledger.
///
/// A UUID of version 7 contains the time of its event. So only a deployment of the same time can have the same one, and if
/// the clock never went back, none of those that came before can.
struct DeploymentIdentities {
  private var latest = Int64.min
  /// Those that the index of times does not find: other versions, which the first ledgers have.
  private var others: Set<UInt128> = []

  mutating func resume(_ database: Database, after seq: Int64) throws(SQLiteError) {
    let sql = "SELECT max(at) FROM event INDEXED BY started_at_time WHERE type = 'started' AND seq BETWEEN 1 AND ?"
    latest = try database.integer(sql, [.integer(seq)]) ?? .min
  }

  /// What is wrong with the UUID of the start in this row; `nil` if nothing is.
  mutating func problem(_ row: borrowing Statement, _ seq: Int64, _ database: Database) throws(SQLiteError) -> String? {
    guard let uuid = row.withBytes(Column.uuid.index, { UInt128(uuid: $0) }) else {
      return EventContent.invalid(.uuid)
    }
    let at = row.integer(Column.at.index) ?? 0
    let isNew: Bool
    if (uuid >> 76) & 0xF == 7 {
      guard Int64(uuid >> 80) == at else { return EventContent.invalid(.uuid) }
      isNew = at > latest ? true : try !isStored(row, at: at, before: seq, database)
      latest = max(latest, at)
    } else {
      isNew = others.insert(uuid).inserted
    }
    return isNew ? nil : "its uuid is that of an earlier deployment"
  }

  private func isStored(
    _ row: borrowing Statement, at: Int64, before seq: Int64, _ database: Database
  ) throws(SQLiteError) -> Bool {
    let sql = """
      SELECT 1 FROM event INDEXED BY started_at_time
      WHERE type = 'started' AND at = ? AND uuid = ? AND seq BETWEEN 1 AND ? LIMIT 1
      """
    return try database.integer(
      sql, [.integer(at), .optional(try row.text(Column.uuid.index)), .integer(seq - 1)]) != nil
  }
}
