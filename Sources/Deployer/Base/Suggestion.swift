/// Next steps for a word that is not one of the known ones.
public enum Suggestion {
  /// The known word closest to `word`, if it is close enough to be a typo: at most a third of its letters differ, and one
  /// always may. Who types `destroy` does not mean `deploy`.
  public static func nearest(to word: String, among known: [String]) -> String? {
    guard (1...64).contains(word.utf8.count) else { return nil }
    let limit = max(1, word.utf8.count / 3)
    let ranked = known.map {
      (word: $0, distance: distance(Array(word.lowercased().utf8), Array($0.lowercased().utf8)))
    }
    return ranked.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.word
  }

  /// A next step that names the closest known word, or else all of them.
  public static func nextStep(for word: String, among known: [String]) -> String {
    if let nearest = nearest(to: word, among: known) { return "did you mean '\(nearest)'?" }
    return known.isEmpty ? "the inventory has none" : expected(known)
  }

  /// A next step that names the closest service of the files, if there is one, and all of them.
  static func nextStep(for service: String, amongServices known: [String]) -> String {
    let list = known.joined(separator: ", ")
    guard let nearest = nearest(to: service, among: known) else { return "its services are: \(list)" }
    return "did you mean '\(nearest)'? Its services are: \(list)"
  }

  /// A next step that names the closest known word, if there is one, and all of them.
  static func choice(for word: String, among known: [String]) -> String {
    guard let nearest = nearest(to: word, among: known) else {
      return known.isEmpty ? "the inventory has none" : expected(known)
    }
    let all = known.count > 1 ? " The inventory has \(known.joined(separator: ", "))" : ""
    return "did you mean '\(nearest)'?\(all)"
  }

  /// A next step that lists the known words, which must not be empty.
  public static func expected(_ known: [String]) -> String {
    "expected \(known.count > 1 ? "one of " : "")\(known.joined(separator: ", "))"
  }

  /// How many letters to insert, drop or replace, or pairs to swap (the optimal string alignment distance).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let substituted = rows[i][j] + (left[i] == right[j] ? 0 : 1)
        var least = min(substituted, rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
