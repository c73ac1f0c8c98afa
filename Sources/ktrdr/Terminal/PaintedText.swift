import Platform

/// A line of text of which parts have a colour. It is measured and cut before the colours are there, so they take no room.
struct PaintedText: Sendable, Equatable {
  private struct Run: Sendable, Equatable {
    var text: String
    var color: Color?
  }

  private var runs: [Run] = []

  static let empty = PaintedText()

  private init() {}

  /// Makes the text safe for a terminal, so that no caller can forget it.
  init(_ text: String, _ color: Color? = nil) { runs = [Run(text: text.escapedForPeople(), color: color)] }

  var displayWidth: Int { runs.reduce(0) { $0 + $1.text.displayWidth } }

  static func + (left: PaintedText, right: PaintedText) -> PaintedText {
    var sum = left
    sum.runs += right.runs
    return sum
  }

  /// Cut to at most this many columns, with `mark` in place of what is missing.
  func cut(to width: Int, mark: String) -> PaintedText {
    guard displayWidth > width else { return self }
    var (cut, room) = (PaintedText(), width)
    for (index, run) in runs.enumerated() {
      let rest = runs[(index + 1)...].reduce(0) { $0 + $1.text.displayWidth }
      // A run that ends where the mark has to begin is cut as well.
      let isLast = run.text.displayWidth > room - (rest > 0 ? mark.displayWidth : 0)
      let text = isLast ? (run.text + (rest > 0 ? mark : "")).cut(to: room, mark: mark) : run.text
      cut.runs.append(Run(text: text, color: run.color))
      guard !isLast else { break }
      room -= text.displayWidth
    }
    return cut
  }

  func painted(in appearance: Appearance) -> String {
    runs.map { appearance.painted($0.text, $0.color) }.joined()
  }
}
