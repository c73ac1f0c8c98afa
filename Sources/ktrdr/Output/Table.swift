/// Columns of text, each as wide as its widest cell.
struct Table {
  var header: [String]
  var rows: [[String]] = []

  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return Console.plain(line)
    }
    return lines.joined(separator: "\n")
  }
}

/// RFC 4180: a field with a comma, a quote or a line break stands in quotes.
enum CSV {
  static func line(_ fields: [String]) -> String {
    fields.map { field in
      let isPlain = field.utf8.allSatisfy { ![0x22, 0x2C, 0x0A, 0x0D].contains($0) }
      return isPlain
        ? field : "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }.joined(separator: ",")
  }
}
