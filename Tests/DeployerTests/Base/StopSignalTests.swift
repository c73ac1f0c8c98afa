import Testing

@testable import Deployer

struct StopSignalTests {
  @Test func `the first wish to stop counts, a second one is told apart`() {
    let stop = StopSignal()
    #expect(stop.signal == nil)
    #expect(stop.ask(2))
    #expect(!stop.ask(15))
    #expect(stop.signal == 2)
  }

  @Test(.timeLimit(.minutes(1))) func `everybody who waits is told, and who comes later does not wait`() async {
    let stop = StopSignal()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { await stop.wait() } }
      group.addTask { _ = stop.ask(2) }
    }
    await stop.wait()
  }

  @Test(.timeLimit(.minutes(1))) func `who is cancelled waits no longer, whenever that happens`() async {
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
