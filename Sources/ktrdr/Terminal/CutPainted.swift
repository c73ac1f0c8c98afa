import Platform

extension String {
  /// Cut to at most this many columns, although it is painted already: an escape sequence takes no room. Those after the cut
  /// stay, so that no colour goes on behind it.
  func cutPainted(to width: Int, mark: String) -> String {
    let parts = Painting.parts(of: self)
    let plain = parts.reduce("") { $0 + ($1.isEscape ? "" : $1.text) }
    guard plain.displayWidth > width else { return self }
    let kept = plain.cut(to: width, mark: mark)
    // All but the mark is a beginning of the plain text.
    var left = Array(kept.unicodeScalars.dropLast(kept.isEmpty ? 0 : mark.unicodeScalars.count))[...]
    var cut = ""
    var isCut = false
    for part in parts {
      if part.isEscape {
        cut += part.text
      } else if !isCut {
        let here = left.prefix(part.text.unicodeScalars.count)
        cut.unicodeScalars += here
        left = left.dropFirst(here.count)
        guard here.count < part.text.unicodeScalars.count else { continue }
        isCut = true
        cut += kept.isEmpty ? "" : mark
      }
    }
    return cut
  }
}

/// Painted text, taken apart again.
private enum Painting {
  /// In order: escape sequences as ktrdr writes them, and the text between them.
  static func parts(of line: String) -> [(text: String, isEscape: Bool)] {
    var parts: [(text: String, isEscape: Bool)] = []
    var rest = Substring(line).unicodeScalars
    while let first = rest.first {
      let end = first == "\u{1B}" ? endOfEscape(in: rest) : rest.firstIndex(of: "\u{1B}") ?? rest.endIndex
      parts.append((String(rest[..<end]), first == "\u{1B}"))
      rest = rest[end...]
    }
    return parts
  }

  /// `ESC [ … m`, or `ESC ] … ESC \`.
  private static func endOfEscape(in scalars: Substring.UnicodeScalarView) -> String.Index {
    let body = scalars.dropFirst()
    guard body.first == "]" else {
      let last = body.dropFirst().firstIndex { ("@"..."~").contains($0) }
      return last.map { scalars.index(after: $0) } ?? scalars.endIndex
    }
    let last = body.firstIndex(of: "\\")
    return last.map { scalars.index(after: $0) } ?? scalars.endIndex
  }
}
