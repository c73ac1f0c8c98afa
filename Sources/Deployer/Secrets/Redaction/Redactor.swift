/// Replaces every needle in a stream by `[REDACTED]`, whatever pieces the stream comes in.
///
/// It holds back no more than the longest needle: the bytes that may still become one.
public struct Redactor: Sendable {
  static let mask = Array("[REDACTED]".utf8)

  private let automaton: Automaton
  private var state = 0
  /// Bytes read and not yet given out.
  private var held: [UInt8] = []
  /// How many bytes at the front of `held` are known to belong to a needle.
  private var covered: [Range<Int>] = []
  /// A needle that counts only if a word border follows.
  private var awaitingBorder: Range<Int>?
  /// The last byte that was given out, for the border before a needle.
  private var previous: UInt8?
  private var maskIsOpen = false

  public init(_ needles: NeedleSet) { automaton = needles.automaton }

  /// Takes the next piece, returns what is certain by now.
  public mutating func push(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      if state == 0, held.isEmpty {
        let following = automaton.step(0, byte)
        if following == 0 {
          output.append(byte)
          previous = byte
          maskIsOpen = false
          continue
        }
      }
      take(byte)
      if automaton.nodes[state].depth == 0 || held.count > 4096 { release(into: &output) }
    }
    return output
  }

  /// Ends the stream, returns what was held back.
  public mutating func finish() -> [UInt8] {
    confirmBorder(before: nil)
    state = 0
    var output: [UInt8] = []
    release(into: &output)
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
    let node = automaton.nodes[state]
    if node.match > 0 { cover(held.count - node.match..<held.count) }
    if node.borderedMatch > 0 {
      let start = held.count - node.borderedMatch
      let before = start > 0 ? held[start - 1] : previous
      if !Self.isWord(before) { awaitingBorder = start..<held.count }
    }
  }

  private mutating func confirmBorder(before byte: UInt8?) {
    guard let range = awaitingBorder else { return }
    awaitingBorder = nil
    if !Self.isWord(byte) { cover(range) }
  }

  private mutating func cover(_ range: Range<Int>) {
    let range = max(range.lowerBound, 0)..<range.upperBound
    if let last = covered.last, last.upperBound >= range.lowerBound {
      covered.removeLast()
      let merged = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
      cover(merged)
    } else {
      covered.append(range)
    }
  }

  /// Gives out everything but the bytes that are a living prefix of some needle.
  private mutating func release(into output: inout [UInt8]) {
    var keep = automaton.nodes[state].depth
    if let range = awaitingBorder { keep = max(keep, held.count - range.lowerBound) }
    let certain = held.count - keep
    var index = 0
    for range in covered {
      guard range.lowerBound < certain else { break }
      if range.lowerBound > index {
        output += held[index..<range.lowerBound]
        maskIsOpen = false
      }
      if !maskIsOpen { output += Self.mask }
      maskIsOpen = true
      index = min(range.upperBound, certain)
    }
    if index < certain {
      output += held[index..<certain]
      maskIsOpen = false
    }
    if certain > 0 { previous = held[certain - 1] }
    held.removeFirst(certain)
    covered = covered.compactMap { range in
      range.upperBound <= certain ? nil : max(range.lowerBound - certain, 0)..<range.upperBound - certain
    }
    if let range = awaitingBorder { awaitingBorder = range.lowerBound - certain..<range.upperBound - certain }
  }

  private static func isWord(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
