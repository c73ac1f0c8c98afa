/// How events are written out.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// One JSON object a line, with every column, the hash and the output text of steps.
  case ndjson
  /// The same columns with a header line, as RFC 4180 has it.
  case csv
}

extension DeploymentLedger {
  /// Writes every event to `sink`, a line at a time and in bounded transactions, so that memory stays small and
  /// deployments go on. What `sink` throws ends the export.
  public func export(
    _ format: ExportFormat, to sink: (String) throws -> Void
  ) throws {
    let names = Column.allCases.map(\.name) + ["hash", "output"]
    if format == .csv { try sink(names.joined(separator: ",") + "\r\n") }
    var last: Int64 = 0
    while true {
      let lines = try read { (database) throws(SQLiteError) in
        let columns = Column.allCases.map { "e.\($0.name)" }.joined(separator: ", ")
        let sql = """
          SELECT \(columns), e.hash, o.text FROM event AS e LEFT JOIN output AS o ON o.seq = e.seq
          WHERE e.seq > ? ORDER BY e.seq LIMIT 500
          """
        return try database.rows(sql, [.integer(last)]) { row in
          (seq: row.integer(0) ?? 0, line: format == .csv ? CSV.line(row, names) : NDJSON.line(row, names))
        }
      }
      guard let end = lines.last?.seq else { return }
      last = end
      for line in lines { try sink(line.line) }
    }
  }
}

private enum CSV {
  static func line(_ row: borrowing Statement, _ names: [String]) -> String {
    var fields: [String] = []
    for index in names.indices {
      let column = Int32(index)
      switch row.storage(column) {
      case 1: fields.append(String(row.integer(column) ?? 0))
      case 3: fields.append(quoted(row.text(column) ?? ""))
      case 4: fields.append(Hex.text(row.blob(column) ?? []))
      default: fields.append("")
      }
    }
    return fields.joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ text: String) -> String {
    let special = text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }
    guard special || text.isEmpty else { return text }
    let doubled = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }
}

private enum NDJSON {
  static func line(_ row: borrowing Statement, _ names: [String]) -> String {
    var members: [String] = []
    for (index, name) in names.enumerated() {
      let column = Int32(index)
      let value =
        switch row.storage(column) {
        case 1: String(row.integer(column) ?? 0)
        case 3: quoted(row.text(column) ?? "")
        case 4: quoted(Hex.text(row.blob(column) ?? []))
        default: "null"
        }
      members.append("\"\(name)\":\(value)")
    }
    return "{" + members.joined(separator: ",") + "}\n"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{2028}", "\u{2029}":
        result += "\\u" + Hex.text([UInt8(scalar.value >> 8), UInt8(scalar.value & 255)])
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
