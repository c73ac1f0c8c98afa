/// Replaces every needle in a stream with `[REDACTED]`, verbatim or escaped, however the stream is split into chunks.
/// Needles that overlap or touch become a single mask. All other bytes pass through unchanged.
///
/// Holds back only the longest suffix of the input that may still become a needle.
public struct Redactor: Sendable {
  static let mask = Array("[REDACTED]".utf8)

  private let automaton: Automaton
  private var state = 0
  /// Bytes read but not yet released.
  private var held: [UInt8] = []
  /// The ranges of `held` that belong to a needle, in order, with at least one byte between them.
  private var covered: [Range<Int>] = []
  /// A whole-word needle at the end of `held`, which only counts if the next byte does not continue the word.
  private var awaitingBoundary: Range<Int>?
  /// Beginnings of escaped needles that the next bytes may continue.
  private var walks: [Walk] = []
  /// The last byte released, to find the word boundary before a needle.
  private var previous: UInt8?
  private var maskIsOpen = false

  public init(_ needles: NeedleSet) { automaton = needles.automaton }

  /// Redacts the next chunk. Returns the bytes that are final.
  public mutating func push(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + held.count)
    bytes.withUnsafeBytes { push($0, into: &output) }
    return output
  }

  /// Redacts the next chunk. Appends the bytes that are final to `output`.
  mutating func push(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    resume(bytes)
    var index = 0
    while index < bytes.count {
      if state == 0, held.isEmpty, covered.isEmpty {
        let candidate = automaton.nextCandidate(in: bytes, from: index)
        if candidate > index {
          output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<candidate]))
          previous = bytes[candidate - 1]
          maskIsOpen = false
          index = candidate
          continue
        }
      }
      let byte = bytes[index]
      if automaton.mayEscape(byte, index + 1 < bytes.count ? bytes[index + 1] : nil) {
        beginWalks(UnsafeRawBufferPointer(rebasing: bytes[index...]))
      }
      take(byte)
      index += 1
      // A partial match can be long. Releasing in steps proportional to it keeps the cost per byte constant.
      if state == 0 || held.count > 4096 + 2 * automaton.depth(of: state) { release(into: &output) }
    }
    release(into: &output)
  }

  /// Ends the stream and returns the bytes held back. The next chunk starts a new stream.
  public mutating func finish() -> [UInt8] {
    confirmBoundary(before: nil)
    state = 0
    walks = []
    var output: [UInt8] = []
    release(into: &output)
    previous = nil
    maskIsOpen = false
    return output
  }

  /// Redacts a complete text.
  public static func redact(_ text: String, _ needles: NeedleSet) -> String {
    var redactor = Redactor(needles)
    return String(decoding: redactor.push(Array(text.utf8)) + redactor.finish(), as: UTF8.self)
  }

  private mutating func take(_ byte: UInt8) {
    confirmBoundary(before: byte)
    state = automaton.step(state, byte)
    held.append(byte)
    let match = automaton.match(at: state)
    if match > 0 { cover(held.count - match..<held.count) }
    guard automaton.hasWholeWordMatch(at: state) else { return }
    let starts = automaton.wholeWordMatches(at: state).map { held.count - $0 }
    let start = starts.first { Self.isBoundary($0 > 0 ? held[$0 - 1] : previous, held[$0]) }
    awaitingBoundary = start.map { $0..<held.count }
  }

  private mutating func confirmBoundary(before byte: UInt8?) {
    guard let range = awaitingBoundary else { return }
    awaitingBoundary = nil
    if Self.isBoundary(held[range.upperBound - 1], byte) { cover(range) }
  }

  /// The range may end after what is held, if an escaped needle was read ahead.
  private mutating func cover(_ range: Range<Int>) {
    guard let last = covered.last, last.upperBound >= range.lowerBound else { return covered.append(range) }
    var merged = range
    // Those after it were read ahead as well.
    var after = covered.count
    while after > 0, covered[after - 1].lowerBound > range.upperBound { after -= 1 }
    var first = after
    while first > 0, covered[first - 1].upperBound >= merged.lowerBound {
      first -= 1
      merged = min(covered[first].lowerBound, merged.lowerBound)..<max(covered[first].upperBound, merged.upperBound)
    }
    covered.replaceSubrange(first..<after, with: [merged])
  }

  /// Releases everything except the bytes that may still become a needle.
  private mutating func release(into output: inout [UInt8]) {
    let keep = max(automaton.depth(of: state), awaitingBoundary?.count ?? 0)
    let released = walks.reduce(held.count - keep) { min($0, $1.start) }
    guard released > 0 else { return }
    var index = 0
    for range in covered {
      guard range.lowerBound < released else { break }
      write(held[index..<range.lowerBound], to: &output)
      if !maskIsOpen { output += Self.mask }
      maskIsOpen = true
      index = min(range.upperBound, released)
    }
    write(held[index..<released], to: &output)
    previous = held[released - 1]
    held.removeFirst(released)
    covered = covered.compactMap { range in
      range.upperBound <= released ? nil : max(range.lowerBound - released, 0)..<range.upperBound - released
    }
    for index in walks.indices { walks[index].move(by: -released) }
    awaitingBoundary = awaitingBoundary.map { $0.lowerBound - released..<$0.upperBound - released }
  }

  /// An escape may begin with the first byte of `rest`: after any part of a needle that ends before it, or a needle's first.
  private mutating func beginWalks(_ rest: UnsafeRawBufferPointer) {
    var state = state
    while true {
      follow(
        Walk(start: held.count - automaton.depth(of: state), position: held.count, state: state, isVerbatim: true),
        rest)
      guard state != 0 else { return }
      state = automaton.failure(of: state)
    }
  }

  private mutating func resume(_ rest: UnsafeRawBufferPointer) {
    let waiting = walks
    walks = []
    for walk in waiting { follow(walk, rest) }
  }

  /// Reads on from a walk in every way that continues a needle.
  private mutating func follow(_ walk: Walk, _ rest: UnsafeRawBufferPointer) {
    var reader = EscapeReader(taken: held, rest: rest)
    var open = [walk]
    var seen: Set<Walk> = []
    while var walk = open.popLast() {
      guard pass(&walk, reader) else { continue }
      let readings = reader.readings(at: walk.position)
      for reading in readings {
        // The automaton itself goes on verbatim.
        if walk.isVerbatim, let byte = reader.byte(at: walk.position), reading == .init(byte, end: walk.position + 1) {
          continue
        }
        guard let state = automaton.descend(walk.state, reading) else { continue }
        let next = Walk(start: walk.start, position: reading.end, state: state)
        arrive(next)
        guard automaton.hasChildren(state), readings.count == 1 || seen.insert(next).inserted else { continue }
        open.append(next)
      }
      if reader.isCutOff, !walks.contains(where: { $0.includes(walk) }) { walks.append(walk) }
    }
  }

  /// Passes bytes that only stand for themselves. Returns false if none of them continues a needle.
  private mutating func pass(_ walk: inout Walk, _ reader: EscapeReader) -> Bool {
    guard !walk.isVerbatim else { return true }
    while let byte = reader.byte(at: walk.position), !automaton.mayEscape(byte, reader.byte(at: walk.position + 1)) {
      guard let state = automaton.child(of: walk.state, byte) else { return false }
      walk.state = state
      walk.position += 1
      arrive(walk)
    }
    return true
  }

  private mutating func arrive(_ walk: Walk) {
    guard automaton.isNeedle(walk.state), walk.position - walk.start >= NeedleVariants.shortestEncoded else { return }
    cover(walk.start..<walk.position)
  }

  private mutating func write(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    output += bytes
    maskIsOpen = false
  }

  /// Whether there is a word boundary between two bytes; `nil` is the start or the end of the stream.
  static func isBoundary(_ left: UInt8?, _ right: UInt8?) -> Bool { !isWord(left) || !isWord(right) }

  private static func isWord(_ byte: UInt8?) -> Bool { byte.map { Unicode.Scalar($0).isWord } ?? false }
}

/// A part of a needle, read from the text with at least one escape, or up to where one may begin.
private struct Walk: Hashable {
  /// Where in the held text the needle begins.
  var start: Int
  /// Where it goes on.
  var position: Int
  /// What has been read, as a state of the automaton.
  var state: Int
  /// Whether nothing so far was escaped.
  var isVerbatim = false

  mutating func move(by distance: Int) {
    start += distance
    position += distance
  }

  /// Whether it leads to everything that `other` leads to.
  func includes(_ other: Walk) -> Bool {
    position == other.position && state == other.state && start <= other.start && isVerbatim == other.isVerbatim
  }
}
