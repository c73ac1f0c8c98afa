/// Next steps for a word that is not one of the known ones.
public enum Suggestion {
  /// The known word closest to `word`, if it is close enough to be a typo: at most a third of its letters differ,
  /// rounded up, so that two swapped letters out of four still count.
  public static func nearest(to word: String, among known: [String]) -> String? {
    guard (1...64).contains(word.utf8.count) else { return nil }
    let limit = (word.utf8.count + 2) / 3
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

  /// The Levenshtein distance.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substituted = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}
