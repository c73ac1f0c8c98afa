/// Replaces every needle in a stream with `[REDACTED]`, however the stream is split into chunks. Needles that overlap
/// or touch become a single mask. All other bytes pass through unchanged.
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
    var index = 0
    while index < bytes.count {
      if state == 0, held.isEmpty {
        let candidate = automaton.nextCandidate(in: bytes, from: index)
        if candidate > index {
          output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<candidate]))
          previous = bytes[candidate - 1]
          maskIsOpen = false
          index = candidate
          continue
        }
      }
      take(bytes[index])
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

  private mutating func cover(_ range: Range<Int>) {
    var merged = range
    while let last = covered.last, last.upperBound >= merged.lowerBound {
      merged = min(last.lowerBound, merged.lowerBound)..<max(last.upperBound, merged.upperBound)
      covered.removeLast()
    }
    covered.append(merged)
  }

  /// Releases everything except the bytes that may still become a needle.
  private mutating func release(into output: inout [UInt8]) {
    let keep = max(automaton.depth(of: state), awaitingBoundary?.count ?? 0)
    let released = held.count - keep
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
    awaitingBoundary = awaitingBoundary.map { $0.lowerBound - released..<$0.upperBound - released }
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
