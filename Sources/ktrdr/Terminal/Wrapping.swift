/// Words on as many lines as they need.
enum Wrapping {
  /// `words` after `lead`, each further line indented to where the first word begins. A word that is too wide has a line of its
  /// own.
  static func lines(_ words: [String], after lead: String, width: Int) -> [String] {
    let indent = String(repeating: " ", count: lead.displayWidth)
    var lines: [String] = []
    var line = lead
    var isEmpty = true
    for word in words {
      if !isEmpty, line.displayWidth + 1 + word.displayWidth > width {
        lines.append(line)
        (line, isEmpty) = (indent, true)
      }
      line += isEmpty ? word : " \(word)"
      isEmpty = false
    }
    return lines + [line]
  }
}
