import Platform

/// Lists for programs: a header line, then a line a row, tabs between the cells.
enum TabSeparated {
  /// A tab or a newline in a cell is escaped, so that it separates nothing.
  static func text(_ header: [String], _ rows: [[String]]) -> String {
    ([header] + rows).map { row in row.map { $0.escapedForPeople() }.joined(separator: "\t") }.joined(separator: "\n")
  }
}
