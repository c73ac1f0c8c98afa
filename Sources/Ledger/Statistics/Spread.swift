/// The middle and the slow end of some durations, in milliseconds.
public struct Spread: Sendable, Equatable {
  /// How many durations there were; at least 1.
  public var count: Int
  public var medianMS: Int64
  /// Nine of ten took at most as long.
  public var p90MS: Int64

  public init(count: Int, medianMS: Int64, p90MS: Int64) {
    self.count = count
    self.medianMS = medianMS
    self.p90MS = p90MS
  }

  /// `nil` without durations: there is no middle of nothing.
  public init?(of durations: [Int64]) {
    let sorted = durations.sorted()
    guard let median = Self.percentile(50, ofSorted: sorted), let p90 = Self.percentile(90, ofSorted: sorted) else {
      return nil
    }
    self.init(count: sorted.count, medianMS: median, p90MS: p90)
  }

  /// The percentile by nearest rank: the smallest value that at least `percent` of 100 values do not exceed. It is always one
  /// of the values. `percent` is from 1 to 100.
  public static func percentile(_ percent: Int, ofSorted sorted: [Int64]) -> Int64? {
    guard !sorted.isEmpty else { return nil }
    let rank = (percent * sorted.count + 99) / 100
    return sorted[rank - 1]
  }
}
