import Platform

/// Columns of text, each as wide as its widest cell.
struct Table {
  var header: [String]
  var rows: [[String]] = []
  /// Colours a cell, which is already padded to the column's width. `row` starts at 0 after the header.
  var paint: (_ row: Int, _ column: Int, _ cell: String) -> String = { _, _, cell in cell }

  var text: String {
    let all = ([header] + rows).map { $0.map { $0.escapedForPeople() } }
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.enumerated().map { index, row in
      var line = row.indices.map { column in
        let cell = row[column].padded(to: widths[column])
        return index == 0 ? cell : paint(index - 1, column, cell)
      }.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
    return lines.joined(separator: "\n")
  }
}
