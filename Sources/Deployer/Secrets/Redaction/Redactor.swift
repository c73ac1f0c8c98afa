/// Replaces every needle in a stream by `[REDACTED]`, whatever pieces the stream comes in; needles that overlap or touch
/// become one mask. All other bytes come out as they went in.
///
/// It holds back the longest beginning of a needle that is still alive, and never more: what comes next decides.
public struct Redactor: Sendable {
  static let mask = Array("[REDACTED]".utf8)

  private let automaton: Automaton
  private var state = 0
  /// Bytes read and not yet given out.
  private var held: [UInt8] = []
  /// What of `held` is known to belong to a needle, in order, parted by at least one byte.
  private var covered: [Range<Int>] = []
  /// A needle at the end of `held` that counts only if no word goes on behind it.
  private var awaitingBorder: Range<Int>?
  /// The last byte that was given out, for the border before a needle.
  private var previous: UInt8?
  private var maskIsOpen = false

  public init(_ needles: NeedleSet) { automaton = needles.automaton }

  /// Takes the next piece, returns what is certain by now.
  public mutating func push(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + held.count)
    bytes.withUnsafeBytes { push($0, into: &output) }
    return output
  }

  /// Takes the next piece and appends to `output` what is certain by now.
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
      // A living beginning may be long; giving out in steps that grow with it keeps the cost of each byte constant.
      if state == 0 || held.count > 4096 + 2 * automaton.depth(of: state) { release(into: &output) }
    }
    release(into: &output)
  }

  /// Ends the stream, returns what was held back. The next piece begins a new stream.
  public mutating func finish() -> [UInt8] {
    confirmBorder(before: nil)
    state = 0
    var output: [UInt8] = []
    release(into: &output)
    previous = nil
    maskIsOpen = false
    return output
  }

  /// A whole text at once.
  public static func redact(_ text: String, _ needles: NeedleSet) -> String {
    var redactor = Redactor(needles)
    return String(decoding: redactor.push(Array(text.utf8)) + redactor.finish(), as: UTF8.self)
  }

  private mutating func take(_ byte: UInt8) {
    confirmBorder(before: byte)
    state = automaton.step(state, byte)
    held.append(byte)
    let match = automaton.match(at: state)
    if match > 0 { cover(held.count - match..<held.count) }
    guard automaton.hasBorderedMatch(at: state) else { return }
    let starts = automaton.borderedMatches(at: state).map { held.count - $0 }
    let start = starts.first { Self.isBorder($0 > 0 ? held[$0 - 1] : previous, held[$0]) }
    awaitingBorder = start.map { $0..<held.count }
  }

  private mutating func confirmBorder(before byte: UInt8?) {
    guard let range = awaitingBorder else { return }
    awaitingBorder = nil
    if Self.isBorder(held[range.upperBound - 1], byte) { cover(range) }
  }

  private mutating func cover(_ range: Range<Int>) {
    var merged = range
    while let last = covered.last, last.upperBound >= merged.lowerBound {
      merged = min(last.lowerBound, merged.lowerBound)..<max(last.upperBound, merged.upperBound)
      covered.removeLast()
    }
    covered.append(merged)
  }

  /// Gives out everything but the bytes that may still become a needle.
  private mutating func release(into output: inout [UInt8]) {
    let keep = max(automaton.depth(of: state), awaitingBorder?.count ?? 0)
    let certain = held.count - keep
    guard certain > 0 else { return }
    var index = 0
    for range in covered {
      guard range.lowerBound < certain else { break }
      give(held[index..<range.lowerBound], to: &output)
      if !maskIsOpen { output += Self.mask }
      maskIsOpen = true
      index = min(range.upperBound, certain)
    }
    give(held[index..<certain], to: &output)
    previous = held[certain - 1]
    held.removeFirst(certain)
    covered = covered.compactMap { range in
      range.upperBound <= certain ? nil : max(range.lowerBound - certain, 0)..<range.upperBound - certain
    }
    awaitingBorder = awaitingBorder.map { $0.lowerBound - certain..<$0.upperBound - certain }
  }

  private mutating func give(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    output += bytes
    maskIsOpen = false
  }

  /// Whether no word runs from one byte into the next; the ends of the stream are borders.
  static func isBorder(_ left: UInt8?, _ right: UInt8?) -> Bool { !isWord(left) || !isWord(right) }

  private static func isWord(_ byte: UInt8?) -> Bool { byte.map { Unicode.Scalar($0).isWord } ?? false }
}
