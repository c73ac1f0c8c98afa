/// Reads back the heads of the ledger that deployments left on the hosts.
public struct AnchorReader: Sendable {
  let environment: [String: String]

  public init(environment: [String: String]) {
    self.environment = environment
  }

  /// Asks every target's host, side by side. The lines of the ledger with this id, oldest first; `nil` where the host
  /// could not be asked.
  public func read(_ targets: [Target], ledger: String) async -> [(Target, [String]?)] {
    await withTaskGroup(of: (Int, [String]?).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask { (index, await lines(on: target, ledger: ledger)) }
      }
      var found: [(Target, [String]?)] = targets.map { ($0, nil) }
      for await (index, lines) in group { found[index].1 = lines }
      return found
    }
  }

  private func lines(on target: Target, ledger: String) async -> [String]? {
    let held = try? await TargetConnection(target: target, environment: environment).hold { session, script in
      await session.call(script.prologue() + script.anchors(of: ledger))
    }
    guard let events = held?.value else { return nil }
    return events.compactMap { event in
      guard case .fact("anchor", let fields) = event else { return nil }
      return fields.first
    }
  }
}
