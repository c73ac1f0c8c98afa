/// In which order services are started that one command cannot start together: what others depend on comes first.
struct RepairOrder: Sendable {
  /// What each service depends on, directly or through others.
  var needs: [String: Set<String>]

  /// The services of each key, in an order in which nothing comes before what it needs. A key comes more than once where its services
  /// need some of another one that needs others of its own. Of those that can be next, one that can be completed comes first, and then
  /// the greatest.
  func groups<Key: Comparable & Hashable & Sendable>(_ services: [Key: [String]]) -> [(key: Key, services: [String])] {
    var left = services.mapValues(Set.init).filter { !$0.value.isEmpty }
    var found: [(key: Key, services: [String])] = []
    while !left.isEmpty {
      let all = left.values.reduce(into: Set()) { $0.formUnion($1) }
      let ready = left.mapValues { startable($0, among: all) }.filter { !$0.value.isEmpty }
      func isBetter(_ one: Key, _ other: Key) -> Bool {
        let (isWhole, isOtherWhole) = (ready[one] == left[one], ready[other] == left[other])
        return isWhole == isOtherWhole ? one > other : isWhole
      }
      // Compose lets nothing depend on itself; if it does, no order is right.
      guard let next = ready.keys.min(by: isBetter), let group = ready[next] else {
        return found + left.sorted { $0.key > $1.key }.map { ($0.key, $0.value.sorted()) }
      }
      found.append((next, group.sorted()))
      left[next] = left[next]?.subtracting(group)
      left = left.filter { !$0.value.isEmpty }
    }
    return found
  }

  /// Those of a group that need none of `all` but one another.
  private func startable(_ group: Set<String>, among all: Set<String>) -> Set<String> {
    group.filter { (needs[$0] ?? []).intersection(all).isSubset(of: group) }
  }
}
