import Synchronization
import Testing

@testable import Deployer

@Suite(.timeLimit(.minutes(1))) struct ConnectionGateTests {
  /// How many are inside now, and how many were at most.
  private final class Count: Sendable {
    private let inside = Mutex((now: 0, most: 0))

    var now: Int { inside.withLock { $0.now } }
    var most: Int { inside.withLock { $0.most } }

    func add(_ number: Int) {
      inside.withLock { $0 = ($0.now + number, max($0.most, $0.now + number)) }
    }
  }

  @Test func `no more than the width are inside, and everybody gets in`() async {
    let gate = ConnectionGate(width: 3, slotTimeout: .seconds(60))
    let (count, passed) = (Count(), Count())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<60 {
        group.addTask {
          await gate.pass { _ in
            count.add(1)
            try? await Task.sleep(for: .milliseconds(2))
            count.add(-1)
            passed.add(1)
          }
        }
      }
    }
    #expect(passed.now == 60)
    #expect(count.most <= 3)
    #expect(count.now == 0)
  }

  @Test func `a place is free when the connection stands, once, however often that is told`() async {
    let gate = ConnectionGate(width: 1, slotTimeout: .seconds(60))
    await gate.pass { connected in
      connected()
      connected()
      let count = Count()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<10 {
          group.addTask {
            await gate.pass { _ in
              count.add(1)
              try? await Task.sleep(for: .milliseconds(2))
              count.add(-1)
            }
          }
        }
      }
      #expect(count.most == 1)
    }
  }

  @Test func `a host that does not answer holds nobody up for long`() async {
    let gate = ConnectionGate(width: 1, slotTimeout: .milliseconds(20))
    await gate.pass { _ in await gate.pass { _ in } }
  }

  @Test func `a connection that fails gives its place back`() async {
    let gate = ConnectionGate(width: 1, slotTimeout: .seconds(60))
    for _ in 0..<3 {
      await #expect(throws: CommandError.notFound(executable: "ssh")) {
        try await gate.pass { _ in throw CommandError.notFound(executable: "ssh") }
      }
    }
    await gate.pass { _ in }
  }
}
