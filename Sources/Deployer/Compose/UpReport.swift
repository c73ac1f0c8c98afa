/// What Compose printed in `up` about each container: `Container NAME  Running` if NAME was running already and stays.
/// If a line is not understood, or there is none, something may have been touched.
struct UpReport {
  /// The states printed for each container.
  private let states: [String: Set<Substring>]

  init(_ lines: [String]) {
    states = lines.reduce(into: [:]) { states, line in
      let words = line.split(separator: " ")
      guard words.first == "Container", words.count >= 3 else { return }
      states[String(words[1]), default: []].insert(words[2])
    }
  }

  /// Whether Compose left every container of these names as it was, and created no other.
  func leftAlone(_ containers: [String]) -> Bool {
    !states.isEmpty && Set(states.keys) == Set(containers) && states.values.allSatisfy { $0 == ["Running"] }
  }
}
