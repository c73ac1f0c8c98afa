/// Words on as many lines as they need.
enum Wrapping {
  /// `words` after `lead`, each further line indented by `indent` columns, or to where the first word begins. A word that
  /// is too wide has a line of its own.
  static func lines(_ words: [String], after lead: String, width: Int, indent columns: Int? = nil) -> [String] {
    let indent = String(repeating: " ", count: columns ?? lead.displayWidth)
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

  /// A line as several, none wider than `width` unless a word is. Further ones are indented by two columns more than the first,
  /// or to where its second column begins, as in `steps      lock, pull, up`.
  static func lines(_ line: String, width: Int) -> [String] {
    guard line.displayWidth > width else { return [line] }
    let lead = line.prefix { $0 == " " }
    let label = line.dropFirst(lead.count).firstRange(of: "  ").map { line[..<$0.lowerBound] }
    guard let label, String(label).displayWidth <= 24 else {
      let words = line.dropFirst(lead.count).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      return lines(words, after: String(lead), width: width, indent: lead.count + 2)
    }
    let gap = line.dropFirst(label.count).prefix { $0 == " " }
    let rest = line.dropFirst(label.count + gap.count).split(separator: " ", omittingEmptySubsequences: false)
    return lines(rest.map(String.init), after: "\(label)\(gap)", width: width)
  }
}
