/// Rows of cells, laid out for a width. Whole columns give way before a word that identifies something is cut: an id, a tag or
/// an outcome.
struct Table: Sendable {
  var columns: [Column]
  var rows: [[Cell]] = []

  init(columns: [Column], rows: [[Cell]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// A table that shows everything at any width.
  init(header: [String], rows: [[String]] = []) {
    self.init(columns: header.map { Column(title: $0) }, rows: rows.map { $0.map { Cell($0) } })
  }

  /// The header and a line for each row, in `width` columns if that is possible; `nil` means that there is room for everything.
  func lines(width: Int?, in appearance: Appearance) -> [String] {
    let header = columns.map { Cell($0.title, .bold) }
    return Table(columns: columns, rows: [header] + rows).body(width: width, in: appearance)
  }

  /// A line for each row, without the header.
  func body(width: Int?, in appearance: Appearance) -> [String] {
    let widths = Layout(self, width: width).widths
    return rows.map { line($0, widths, appearance) }
  }

  /// The least columns that its lines can take without the header, when all that may give way has done so.
  var narrowest: Int {
    let widths = Layout(self, width: 0).widths
    return zip(columns, widths).enumerated().reduce(0) { sum, column in
      sum + (column.element.1.map { $0 + (column.offset == 0 ? 0 : column.element.0.gap) } ?? 0)
    }
  }

  private func line(_ row: [Cell], _ widths: [Int?], _ appearance: Appearance) -> String {
    var line = ""
    // Spaces wait for the next text, so that no line ends with any.
    var spaces = 0
    var isFirst = true
    for ((column, cell), width) in zip(zip(columns, row), widths) {
      guard let width else { continue }
      spaces += isFirst ? 0 : column.gap
      isFirst = false
      let form = cell.form(in: width)
      let isCut = column.isCuttable && form.width > width
      let text = isCut ? form.text.cut(to: width, mark: appearance.signs.ellipsis) : form.text
      let rest = max(0, width - (isCut ? text.displayWidth : form.width))
      if !text.isEmpty {
        line += String(repeating: " ", count: spaces + (column.isRightAligned ? rest : 0))
        line += appearance.painted(appearance.linked(text, cell.links), cell.color)
        spaces = 0
      }
      spaces += column.isRightAligned && !text.isEmpty ? 0 : rest
    }
    return line
  }
}

extension Column {
  fileprivate var isCuttable: Bool { if case .cut = fit { true } else { false } }
}

/// How wide each column of a table is; `nil` for those that are left out.
private struct Layout {
  private(set) var widths: [Int?]

  init(_ table: Table, width: Int?) {
    let columns = table.columns
    let cells = columns.indices.map { column in table.rows.map { $0[column] } }
    let wanted = cells.map { $0.map(\.widest).max() ?? 0 }
    guard let width else {
      widths = wanted
      return
    }
    let needed = columns.indices.map { column -> Int in
      let narrowest = cells[column].map(\.narrowest).max() ?? 0
      guard case .cut(let least, _) = columns[column].fit else { return narrowest }
      return min(narrowest, least)
    }
    var kept = needed.map(Optional.init)
    func room() -> Int {
      let present = columns.indices.filter { kept[$0] != nil }
      let gaps = present.dropFirst().reduce(0) { $0 + columns[$1].gap }
      return width - gaps - present.reduce(0) { $0 + (kept[$1] ?? 0) }
    }
    let giveWay = columns.indices.filter { columns[$0].fit.rank != nil }
      .sorted { (columns[$0].fit.rank ?? 0, $0) < (columns[$1].fit.rank ?? 0, $1) }
    for column in giveWay where room() < 0 { kept[column] = nil }
    // What is left goes to the columns that would be cut, then to longer forms of those that are always there, the last first: a
    // list of images is long, and a state beside it says more in a word.
    let whole = columns.indices.filter { columns[$0].fit.rank == nil }
    for column in giveWay.reversed() + whole.reversed() {
      guard let least = kept[column] else { continue }
      kept[column] = least + max(0, min(wanted[column] - least, room()))
    }
    // A longer form that did not fit leaves no gap.
    widths = columns.indices.map { column in
      kept[column].map { width in cells[column].map { min($0.form(in: width).width, width) }.max() ?? 0 }
    }
  }
}
