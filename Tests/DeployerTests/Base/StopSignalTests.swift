import Testing

@testable import Deployer

struct StopSignalTests {
  @Test func `the first request to stop counts, and a second one is recognised`() {
    let stop = StopSignal()
    #expect(stop.signal == nil)
    #expect(stop.request(2))
    #expect(!stop.request(15))
    #expect(stop.signal == 2)
  }

  @Test(.timeLimit(.minutes(1))) func `a request wakes every waiter, and later waiters return at once`() async {
    let stop = StopSignal()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { await stop.wait() } }
      group.addTask { _ = stop.request(2) }
    }
    await stop.wait()
  }

  @Test(.timeLimit(.minutes(1))) func `a cancelled task stops waiting, whenever it is cancelled`() async {
    let stop = StopSignal()
    for _ in 0..<1000 {
      let waiting = Task { await stop.wait() }
      if Bool.random() { await Task.yield() }
      waiting.cancel()
      await waiting.value
    }
    #expect(stop.signal == nil)
  }
}
