/// What Compose said in `up` about each container: `Container NAME  Running`, where NAME was running already and stays.
/// Where a line is not understood, or none is there, something may have been touched.
struct UpReport {
  /// The words about each container.
  private let said: [String: Set<Substring>]

  init(_ lines: [String]) {
    said = lines.reduce(into: [:]) { said, line in
      let words = line.split(separator: " ")
      guard words.first == "Container", words.count >= 3 else { return }
      said[String(words[1]), default: []].insert(words[2])
    }
  }

  /// Whether Compose left every container of these names as it was, and created no other.
  func leftAlone(_ containers: [String]) -> Bool {
    !said.isEmpty && Set(said.keys) == Set(containers) && said.values.allSatisfy { $0 == ["Running"] }
  }
}
