/// Keeps a picture at the end of what is on a terminal. The only place that moves the cursor; each change is one text to write.
///
/// Between two changes the cursor is where the picture begins. A terminal that is resized may break lines anew, and takes the
/// cursor along with the text, so nothing has to be counted. It is never hidden, so nothing has to be put back.
struct LiveScreen {
  /// The rows of the picture that is shown.
  private(set) var rows = 0

  private static let eraseRestOfLine = "\u{1B}[K"
  private static let eraseBelow = "\u{1B}[J"
  private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }

  /// Writes lines, each with its end, that stay, and under them a picture whose lines fit the terminal's width. Without a
  /// picture nothing is redrawn any more, and what another program has written is left alone.
  mutating func show(_ picture: [String], below lines: String = "") -> String {
    let start = rows > 0 ? "\r" + (lines.isEmpty && !picture.isEmpty ? "" : Self.eraseBelow) : ""
    rows = picture.count
    guard !picture.isEmpty else { return start + lines }
    let drawn = picture.map { $0 + Self.eraseRestOfLine }.joined(separator: "\r\n")
    return start + lines + drawn + Self.eraseBelow + "\r" + Self.up(picture.count - 1)
  }

  /// Leaves a last picture as ordinary lines.
  mutating func leave(_ picture: [String], below lines: String = "") -> String {
    show([], below: lines + picture.map { $0 + "\n" }.joined())
  }
}
