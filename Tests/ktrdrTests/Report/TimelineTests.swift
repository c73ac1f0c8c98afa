import Ledger
import Platform
import Testing

@testable import ktrdr

struct TimelineTests {
  private static let period = someTime.addingTimeInterval(-96 * 60)...someTime

  @Test func `each deployment is counted in its part of the period, by how it turned out`() {
    let timeline = Timeline(
      of: [
        recorded(1, ["web"], nil, minutesAgo: 95.5), recorded(2, ["web"], nil, .failed, minutesAgo: 95.5),
        recorded(3, ["web"], nil, undoes: 2, minutesAgo: 40.5), recorded(4, ["web"], nil, nil, minutesAgo: 0.5),
        recorded(5, ["web"], nil, .failed, undoes: 4, minutesAgo: 0.5),
      ], in: Self.period)
    #expect(timeline.parts.count == 96)
    #expect(timeline.parts[0] == .init(succeeded: 1, failed: 1) && timeline.parts[55] == .init(rollbacks: 1))
    #expect(timeline.parts[95] == .init(failed: 1, open: 1))
    #expect(timeline.total == .init(succeeded: 1, rollbacks: 1, failed: 2, open: 1))
    #expect(timeline.highest.above == 1 && timeline.highest.below == 2)
  }

  @Test func `what a clock that went back has put outside of the period is at its ends`() {
    let timeline = Timeline(
      of: [recorded(1, ["web"], nil, minutesAgo: 5000), recorded(2, ["web"], nil, minutesAgo: -60)], in: Self.period)
    #expect(timeline.parts[0].succeeded == 1 && timeline.parts[95].succeeded == 1)
  }

  @Test func `a period of a moment has a picture too`() {
    #expect(Timeline(of: [recorded(1, ["web"], nil, minutesAgo: 0)], in: someTime...someTime).total.succeeded == 1)
  }
}
