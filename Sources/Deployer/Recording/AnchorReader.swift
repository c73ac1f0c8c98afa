/// Reads back the heads of the ledger that deployments left on the hosts.
public struct AnchorReader: Sendable {
  let environment: [String: String]

  public init(environment: [String: String]) {
    self.environment = environment
  }

  /// What one host keeps.
  public struct Kept: Sendable, Equatable {
    /// The lines of the ledger that was asked for, oldest first, the last 10,000 at most.
    public var lines: [String] = []
    /// The last line of another ledger, where there is none of this one.
    public var foreign: String?
  }

  /// Asks every target's host, side by side, about the ledger with this id; `nil` where the host, or the file on it,
  /// could not be asked.
  public func read(_ targets: [Target], ledger: String) async -> [(Target, Kept?)] {
    await withTaskGroup(of: (Int, Kept?).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask { (index, await kept(on: target, ledger: ledger)) }
      }
      var found: [(Target, Kept?)] = targets.map { ($0, nil) }
      for await (index, kept) in group { found[index].1 = kept }
      return found
    }
  }

  private func kept(on target: Target, ledger: String) async -> Kept? {
    let held = try? await TargetConnection(target: target, environment: environment).hold { session, script in
      await session.call(script.prologue() + script.anchors(of: ledger))
    }
    return held?.value.flatMap { Kept($0) }
  }
}

extension AnchorReader.Kept {
  /// `nil` where the host said that it could not look.
  init?(_ events: [RemoteEvent]) {
    var looked = false
    for case .fact(let name, let fields) in events {
      switch name {
      case "anchors": looked = true
      case "anchor": lines += fields.prefix(1)
      case "foreign-anchor": foreign = fields.first
      default: break
      }
    }
    guard looked else { return nil }
  }
}
