@_spi(Fixture) import Ledger
import Platform
import Synchronization

/// Writes a valid ledger through the library: of many realistic deployments, 4000 a transaction, or of a small team's quarter.
@main
struct Fixture {
  static func main() async {
    var rest = CommandLine.arguments.dropFirst()
    var path: String?
    var count = 0
    var isQuarter = false
    while let word = rest.popFirst() {
      switch word {
      case "--ledger": path = rest.popFirst()
      case "--deployments": count = rest.popFirst().flatMap { Int($0) } ?? 0
      case "--quarter": isQuarter = true
      default: path = nil
      }
    }
    guard let path, !path.isEmpty, isQuarter != (count > 0) else {
      complain("usage: ledger-fixture --deployments N|--quarter --ledger PATH\n")
      exit(64)
    }
    do {
      if isQuarter { try await tellQuarter(path) } else { try await fill(path, with: count) }
    } catch {
      complain("ledger-fixture: \(error.message)\n")
      exit(1)
    }
  }

  private static func fill(_ path: String, with count: Int) async throws(LedgerError) {
    let clock = Clock()
    let ledger = try await DeploymentLedger.open(path: path, access: .readWrite, now: clock.now)
    for first in stride(from: 0, to: count, by: 4000) {
      try await ledger.together { (ledger) throws(LedgerError) in
        for number in first..<min(count, first + 4000) {
          try Story(number: number).tell(to: ledger, clock)
        }
      }
    }
    try await report(ledger, count)
  }

  private static func tellQuarter(_ path: String) async throws(LedgerError) {
    let clock = Clock()
    let ledger = try await DeploymentLedger.open(path: path, access: .readWrite, now: clock.now)
    var quarter = Quarter(ledger: ledger, clock: clock)
    try await quarter.tell()
    try await report(ledger, try await ledger.history(HistoryFilter(limit: 1)).first.map { Int($0.id) } ?? 0)
  }

  private static func report(_ ledger: DeploymentLedger, _ count: Int) async throws(LedgerError) {
    let (head, path) = (try await ledger.head(), ledger.path)
    print("\(path): \(count) deployments, \(head.seq) events, head \(head.hash)")
  }
}

/// Time as the fixture tells it: ten minutes from one deployment to the next.
final class Clock: Sendable {
  private let seconds = Mutex<Double>(1_500_000_000)

  var now: @Sendable () -> Date {
    { Date(timeIntervalSince1970: self.seconds.withLock { $0 }) }
  }

  func move(_ by: Double) { seconds.withLock { $0 += by } }
}

private func complain(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
