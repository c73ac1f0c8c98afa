/// What Compose said in `up` about each container: `Container NAME  Running`, where NAME was running already and stays.
/// Where a line is not understood, or none is there, something may have been touched.
struct UpReport {
  /// The words about each container.
  private let said: [String: Set<Substring>]

  init(_ steps: [FinishedStep]) {
    let lines = steps.filter { $0.name == StepName.up }.flatMap(\.output)
    said = lines.reduce(into: [:]) { said, line in
      let words = line.split(separator: " ")
      guard words.first == "Container", words.count >= 3 else { return }
      said[String(words[1]), default: []].insert(words[2])
    }
  }

  /// Compose left every container of this look as it was, and made no other.
  func leftAlone(_ look: Observation) -> Bool {
    !said.isEmpty && Set(said.keys) == Set(look.containers.map(\.name)) && said.values.allSatisfy { $0 == ["Running"] }
  }
}
