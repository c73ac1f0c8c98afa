import Testing

@testable import Ledger

struct SpreadTests {
  @Test(
    arguments: [
      ([7], 50, 7), ([7], 90, 7), ([1, 2], 50, 1), ([1, 2, 3], 50, 2), ([1, 2, 3, 4], 50, 2), ([1, 2, 3, 4], 90, 4),
      ([15, 20, 35, 40, 50], 30, 20), ([15, 20, 35, 40, 50], 40, 20), ([15, 20, 35, 40, 50], 50, 35),
      ([15, 20, 35, 40, 50], 100, 50), ([15, 20, 35, 40, 50], 1, 15), (Array(1...10), 90, 9), (Array(1...11), 90, 10),
      (Array(1...100), 90, 90),
    ] as [([Int64], Int, Int64)])
  func `a percentile is a value that occurred, by nearest rank`(values: [Int64], percent: Int, expected: Int64) {
    #expect(Spread.percentile(percent, ofSorted: values) == expected)
  }

  @Test func `the order of the values does not matter, and nothing has no middle`() {
    #expect(Spread(of: [9, 1, 5]) == Spread(count: 3, medianMS: 5, p90MS: 9))
    #expect(Spread(of: []) == nil)
    #expect(Spread.percentile(50, ofSorted: []) == nil)
  }
}
