import Ledger
import Testing

@testable import Deployer

struct StepLogTests {
  private func ended(_ events: [RemoteEvent]) -> [FinishedStep] {
    var log = StepLog()
    return events.compactMap { log.take($0) }
  }

  @Test func `a step has the lines between its two markers`() {
    let steps = ended([
      .output("before"), .begin(step: "pull"), .output("one"), .fact(name: "x", fields: []), .output("two"),
      .end(step: "pull", status: 0), .begin(step: "up"), .end(step: "up", status: 9), .done,
    ])
    #expect(steps.map(\.name) == [.pull, .up])
    #expect(steps.map(\.output) == [["one", "two"], []])
    #expect(steps.map(\.status) == [0, 9])
    #expect(steps.map(\.outcome) == [.succeeded, .failed])
    #expect(steps.allSatisfy { $0.milliseconds >= 0 })
  }

  @Test func `an end without its own beginning ends nothing`() {
    #expect(ended([.end(step: "up", status: 0)]).isEmpty)
    #expect(ended([.begin(step: "up"), .end(step: "pull", status: 0)]).isEmpty)
    #expect(ended([.begin(step: "up"), .end(step: "up", status: 0), .end(step: "up", status: 0)]).count == 1)
  }

  @Test func `the step that was under way when the connection ended has no status`() {
    var log = StepLog()
    #expect(log.cutOff() == nil)
    _ = log.take(.begin(step: "up"))
    _ = log.take(.output("half"))
    let cut = log.cutOff()
    #expect(cut?.name == .up)
    #expect(cut?.status == nil)
    #expect(cut?.output == ["half"])
    #expect(cut?.outcome == .unknown)
    #expect(log.cutOff() == nil)
  }

  @Test func `of a flood the end is kept`() {
    var log = StepLog()
    _ = log.take(.begin(step: "up"))
    for number in 0..<3000 { _ = log.take(.output("\(number) " + String(repeating: "x", count: 200))) }
    let step = log.take(.end(step: "up", status: 0))
    #expect(step?.output.last?.hasPrefix("2999 ") == true)
    #expect((step?.output.reduce(0) { $0 + $1.utf8.count } ?? 0) <= 256 << 10)
    #expect((step?.output.count ?? 0) > 1000)
  }
}
