/// What Compose printed in `up` about each container: `Container NAME  Running` if NAME was running already and stays.
/// If a line is not understood, or there is none, something may have been touched.
struct UpReport {
  /// The states printed for each container.
  private let states: [String: Set<Substring>]
  /// Whether Compose came to the end.
  private let isComplete: Bool

  init(_ lines: [String], isComplete: Bool = true) {
    self.isComplete = isComplete
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

  /// What happens to a service's containers that exist, by their names.
  enum Fate: Sendable, Equatable {
    case stay, start, areReplaced
    /// There will be more of them, or fewer.
    case change
  }

  /// The fate of the containers of a service; `nil` if Compose did not get that far. `prefix` is what Compose's own names of
  /// them begin with.
  func fate(of containers: [String], prefix: String) -> Fate? {
    let own = states.filter { name, _ in
      containers.contains(name) || (name.hasPrefix(prefix) && name.dropFirst(prefix.count).allSatisfy(\.isNumber))
    }
    let words = own.values.reduce(into: Set()) { $0.formUnion($1) }
    if words.contains(where: { $0.hasPrefix("Recreat") }) { return .areReplaced }
    guard isComplete else { return nil }
    guard Set(own.keys) == Set(containers), words.isDisjoint(with: ["Removing", "Removed"]) else { return .change }
    // It waits for those that others depend on, whether it has touched them or not.
    return words.subtracting(["Waiting", "Healthy", "Exited"]) == ["Running"] ? .stay : .start
  }
}
