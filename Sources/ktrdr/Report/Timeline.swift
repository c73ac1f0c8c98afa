import Ledger
import Platform

/// How many deployments of one target started in each part of a period, by how they turned out.
struct Timeline: Equatable {
  struct Part: Equatable {
    var succeeded = 0
    var rollbacks = 0
    var failed = 0
    /// Cancelled, interrupted, unknown or running.
    var open = 0

    /// What succeeded is drawn above the line, everything else below.
    var above: Int { succeeded + rollbacks }
    var below: Int { failed + open }
  }

  /// How many parts a period has: each is some pixels wide on any screen.
  static let parts = 96

  var parts: [Part]

  /// A deployment outside of the period, as after a clock that went back, is counted at its nearer end.
  init(of deployments: some Sequence<Deployment>, in period: ClosedRange<Date>) {
    parts = Array(repeating: Part(), count: Self.parts)
    let length = max(1, period.upperBound.timeIntervalSince(period.lowerBound))
    for deployment in deployments {
      let place = deployment.startedAt.timeIntervalSince(period.lowerBound) / length * Double(Self.parts)
      let index = min(max(0, Int(place)), Self.parts - 1)
      switch deployment.outcome {
      case .succeeded where deployment.start.kind == .rollback: parts[index].rollbacks += 1
      case .succeeded: parts[index].succeeded += 1
      case .failed: parts[index].failed += 1
      case .cancelled, .interrupted, .unknown, nil: parts[index].open += 1
      }
    }
  }

  /// The most that any part has above the line, and below it.
  var highest: (above: Int, below: Int) { (parts.map(\.above).max() ?? 0, parts.map(\.below).max() ?? 0) }

  var total: Part {
    parts.reduce(into: Part()) { sum, part in
      sum.succeeded += part.succeeded
      sum.rollbacks += part.rollbacks
      sum.failed += part.failed
      sum.open += part.open
    }
  }
}
