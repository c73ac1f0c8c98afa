@_spi(Fixture) import Ledger
import Platform
import Synchronization

/// Writes a valid ledger of many realistic deployments through the library, 4000 deployments a transaction.
@main
struct Fixture {
  static func main() async {
    var rest = CommandLine.arguments.dropFirst()
    var path: String?
    var count = 0
    while let word = rest.popFirst() {
      switch word {
      case "--ledger": path = rest.popFirst()
      case "--deployments": count = rest.popFirst().flatMap { Int($0) } ?? 0
      default: path = nil
      }
    }
    guard let path, !path.isEmpty, count > 0 else {
      complain("usage: ledger-fixture --deployments N --ledger PATH\n")
      exit(64)
    }
    do {
      try await fill(path, with: count)
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
    let head = try await ledger.head()
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
