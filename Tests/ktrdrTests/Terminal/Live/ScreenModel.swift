import TestSupport
import Testing

@testable import ktrdr

/// What a terminal shows of the bytes that it was sent: as much of one as ktrdr uses. It breaks lines anew when it is resized, as
/// most do, and moves the cursor along with the text; or cuts them, as xterm does.
struct ScreenModel {
  private struct Row {
    /// `nil` is the second half of a wide character.
    var cells: [Character?] = []
    /// Whether the text goes on in the next row without a line end.
    var goesOn = false

    var text: String { String(cells.compactMap(\.self)) }
  }

  private(set) var columns: Int
  private var height: Int
  private let reflows: Bool
  /// What has scrolled off the top, too.
  private var rows = [Row()]
  private var cursor = (row: 0, column: 0)
  private var rest: [UInt8] = []

  init(columns: Int, rows height: Int, reflows: Bool = true) {
    (self.columns, self.height, self.reflows) = (columns, height, reflows)
  }

  /// The lines from the first that was ever written to the last that is not empty, as they stand in the rows.
  var lines: [String] {
    var lines = rows.map { row in String(row.text.reversed().drop { $0 == " " }.reversed()) }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  /// Where the cursor is, counted from the first row that was ever written.
  var cursorRow: Int { cursor.row }

  mutating func feed(_ bytes: [UInt8]) {
    rest += bytes
    // A character or a sequence whose end has not come yet waits for it.
    guard let text = String(validating: rest, as: UTF8.self) else { return }
    var characters = Array(text)[...]
    rest = []
    while let character = characters.popFirst() {
      switch character {
      case "\r\n":
        cursor.column = 0
        lineFeed()
      case "\r": cursor.column = 0
      // The terminal's driver makes both of it.
      case "\n":
        cursor.column = 0
        lineFeed()
      case "\u{1B}":
        guard let end = characters.dropFirst().firstIndex(where: \.isLetter) else {
          rest = Array((String(character) + String(characters)).utf8)
          return
        }
        obey(characters[end], Int(String(characters[characters.startIndex..<end].dropFirst())))
        characters = characters[(end + 1)...]
      default: put(character)
      }
    }
  }

  private mutating func obey(_ command: Character, _ count: Int?) {
    switch command {
    case "A": cursor.row = max(max(0, rows.count - height), cursor.row - (count ?? 1))
    case "K": erase(row: cursor.row, from: cursor.column)
    case "J":
      erase(row: cursor.row, from: cursor.column)
      for row in (cursor.row + 1)..<max(rows.count, cursor.row + 1) { erase(row: row, from: 0) }
    default: break
    }
  }

  private mutating func erase(row: Int, from column: Int) {
    rows[row].cells = Array(rows[row].cells.prefix(column))
    rows[row].goesOn = false
  }

  private mutating func lineFeed() {
    cursor.row += 1
    while rows.count <= cursor.row { rows.append(Row()) }
  }

  private mutating func put(_ character: Character) {
    let width = max(1, String(character).displayWidth)
    if cursor.column + width > columns {
      rows[cursor.row].goesOn = true
      cursor.column = 0
      lineFeed()
    }
    while rows[cursor.row].cells.count < cursor.column + width { rows[cursor.row].cells.append(" ") }
    rows[cursor.row].cells[cursor.column] = character
    if width == 2 { rows[cursor.row].cells[cursor.column + 1] = nil }
    cursor.column += width
  }

  mutating func resize(columns: Int, rows height: Int) {
    (self.columns, self.height) = (columns, height)
    if reflows {
      breakLines()
    } else {
      for index in rows.indices { rows[index].cells = Array(rows[index].cells.prefix(columns)) }
    }
    // Where there are too many rows, those below the cursor go, so that it stays on the screen.
    rows.removeLast(max(0, rows.count - height - cursor.row))
  }

  private mutating func breakLines() {
    var broken: [Row] = []
    var place = (row: 0, column: 0)
    var line: [Character?] = []
    var cursorInLine: Int?
    for (index, row) in rows.enumerated() {
      if index == cursor.row { cursorInLine = line.count + cursor.column }
      line += row.cells
      guard !row.goesOn || index == rows.count - 1 else { continue }
      if let cell = cursorInLine { place = (broken.count + cell / columns, cell % columns) }
      cursorInLine = nil
      broken += Self.break(line, columns)
      line = []
    }
    (rows, cursor) = (broken, place)
    while rows.count <= cursor.row { rows.append(Row()) }
  }

  private static func `break`(_ line: [Character?], _ columns: Int) -> [Row] {
    guard !line.isEmpty else { return [Row()] }
    let starts = stride(from: 0, to: line.count, by: columns)
    return starts.map { start in
      Row(cells: Array(line[start..<min(line.count, start + columns)]), goesOn: start + columns < line.count)
    }
  }
}

extension OpenTerminal {
  /// What it shows, of 80 columns and 24 rows, as soon as `isSeen` accepts that, or else after ten seconds.
  func screen(where isSeen: (ScreenModel) -> Bool) async -> ScreenModel {
    var model = ScreenModel(columns: 80, rows: 24)
    var taken = 0
    await follow(&model, &taken, until: isSeen)
    return model
  }

  /// The same of 80 columns and 24 rows that get another size, and then at least `count` bytes. `between` runs what it is given
  /// while nobody writes.
  func screen(
    resizedTo columns: Int, _ rows: Int, then count: Int, between: (() -> Int) -> Int = { $0() },
    where isSeen: (ScreenModel) -> Bool
  ) async -> ScreenModel {
    let before = between { resize(columns: columns, rows: rows) }
    var model = ScreenModel(columns: 80, rows: 24)
    model.feed(Array(bytes[..<before]))
    model.resize(columns: columns, rows: rows)
    var taken = before
    await follow(&model, &taken) { bytes.count >= before + count && isSeen($0) }
    return model
  }

  private func follow(_ model: inout ScreenModel, _ taken: inout Int, until isSeen: (ScreenModel) -> Bool) async {
    for _ in 0..<1000 {
      let bytes = bytes
      model.feed(Array(bytes[taken...]))
      taken = bytes.count
      if isSeen(model) { break }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The same, as soon as the words are there. That they never come is a failure.
  func screen(showing words: String, at place: SourceLocation = #_sourceLocation) async -> ScreenModel {
    let model = await screen { $0.lines.joined(separator: "\n").contains(words) }
    let lines = model.lines.joined(separator: "\n")
    #expect(lines.contains(words), sourceLocation: place)
    return model
  }
}
