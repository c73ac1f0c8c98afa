/// An Aho–Corasick automaton over bytes (Aho and Corasick, CACM 18/6, 1975).
///
/// A multi-line secret has thousands of states, nearly all with a single child. So each state has a linked list of
/// children, about 30 bytes per state instead of a kilobyte for a full table. In the initial state, a filter on the
/// first four bytes of all needles, and on the two that begin an escape, skips most of the text.
struct Automaton: Sendable {
  /// In bytes. The filter looks at this many.
  static let shortestNeedle = 4

  private struct Node: Sendable {
    /// The byte that leads to this state.
    var byte: UInt8 = 0
    /// How many bytes of a needle have been matched.
    var depth: Int32 = 0
    /// The state of the longest proper suffix that is also a prefix of a needle.
    var failure: Int32 = 0
    /// The first child, and the next child of the same parent; 0 for none.
    var child: Int32 = 0
    var sibling: Int32 = 0
    /// The length of the longest needle that ends here, in bytes; 0 for none.
    var match: Int32 = 0
    /// The state of the longest whole-word needle that is a suffix, possibly this state; 0 for none.
    var wholeWord: Int32 = 0
  }

  private var nodes = [Node()]
  private var root = [Int32](repeating: 0, count: 256)
  /// One bit for each hash of the first four bytes of a needle.
  private var beginnings = [UInt64](repeating: 0, count: 1 << 10)
  /// For each two bytes whether a needle begins with them, or an escape of a byte of one. Most text is skipped by this
  /// alone.
  private var pairs = [UInt8](repeating: 0, count: 1 << 16)
  private static let beginsNeedle: UInt8 = 1
  private static let beginsEscape: UInt8 = 2

  /// Leaves out needles shorter than ``shortestNeedle``. Those in `wholeWords` only match as whole words.
  init(plain: Set<[UInt8]>, wholeWords: Set<[UInt8]>) {
    for needle in plain where needle.count >= Self.shortestNeedle {
      let end = insert(needle)
      nodes[end].match = nodes[end].depth
    }
    for needle in wholeWords where needle.count >= Self.shortestNeedle {
      let end = insert(needle)
      nodes[end].wholeWord = Int32(end)
    }
    link()
    findEscapes(of: Set(nodes.map(\.byte)))
  }

  /// The state after reading `byte` in `state`; 0 is the initial state.
  @inline(__always)
  func step(_ state: Int, _ byte: UInt8) -> Int {
    var state = state
    while state != 0 {
      var child = Int(nodes[state].child)
      while child != 0 {
        if nodes[child].byte == byte { return child }
        child = Int(nodes[child].sibling)
      }
      state = Int(nodes[state].failure)
    }
    return Int(root[Int(byte)])
  }

  /// The state after `reading` in `state`, if needles go on that way; no shorter suffix is tried.
  func descend(_ state: Int, _ reading: EscapeReader.Reading) -> Int? {
    var (state, bytes) = (state, reading.bytes)
    for _ in 0..<reading.count {
      guard let next = child(of: state, UInt8(truncatingIfNeeded: bytes)) else { return nil }
      (state, bytes) = (next, bytes >> 8)
    }
    return state
  }

  /// Whether the path to `state` is a needle.
  func isNeedle(_ state: Int) -> Bool { nodes[state].match == nodes[state].depth || nodes[state].wholeWord == state }

  func hasChildren(_ state: Int) -> Bool { nodes[state].child != 0 }

  /// The state of the longest proper suffix.
  func failure(of state: Int) -> Int { Int(nodes[state].failure) }

  /// Whether an escape may begin with `first`; the next byte is `second` if it is known.
  @inline(__always)
  func mayEscape(_ first: UInt8, _ second: UInt8?) -> Bool {
    guard let second else { return Escapes.mayBegin(with: first) }
    return pairs[Int(first) | Int(second) << 8] & Self.beginsEscape != 0
  }

  func depth(of state: Int) -> Int { Int(nodes[state].depth) }
  func match(at state: Int) -> Int { Int(nodes[state].match) }

  /// The lengths of the whole-word needles that end at `state`, longest first. The caller checks the word boundaries.
  func wholeWordMatches(at state: Int) -> [Int] {
    var lengths: [Int] = []
    var end = Int(nodes[state].wholeWord)
    while end != 0 {
      lengths.append(depth(of: end))
      end = Int(nodes[Int(nodes[end].failure)].wholeWord)
    }
    return lengths
  }

  func hasWholeWordMatch(at state: Int) -> Bool { nodes[state].wholeWord != 0 }

  /// The first index from `start` where a needle may begin, verbatim or escaped. An escape may begin in the last three bytes,
  /// at which it does not look, and three bytes of a needle may come before that: without an earlier candidate it returns
  /// the first of those six.
  @inline(__always)
  func nextCandidate(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let end = bytes.count - (Self.shortestNeedle - 1)
    guard start < end else { return start }
    return pairs.withUnsafeBufferPointer { pairs in
      for index in start..<end {
        let pair = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt16.self))
        let known = pairs[Int(pair)]
        if known == 0 { continue }
        if known & Self.beginsEscape != 0 { return max(start, index - Self.shortestNeedle + 1) }
        if isBeginning(bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)) { return index }
      }
      return max(start, end - Self.shortestNeedle + 1)
    }
  }

  private func isBeginning(_ word: UInt32) -> Bool {
    let hash = Self.hash(word)
    return beginnings[Int(hash >> 6)] & (1 << UInt64(hash & 63)) != 0
  }

  /// A 16-bit multiplicative hash: Knuth's constant is 2³² divided by the golden ratio.
  @inline(__always)
  private static func hash(_ word: UInt32) -> UInt32 { (UInt32(littleEndian: word) &* 0x9E37_79B1) >> 16 }

  private mutating func insert(_ needle: [UInt8]) -> Int {
    pairs[Int(needle[0]) | Int(needle[1]) << 8] |= Self.beginsNeedle
    let word = needle.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    let hash = Self.hash(word)
    beginnings[Int(hash >> 6)] |= 1 << UInt64(hash & 63)
    var state = 0
    for byte in needle { state = child(of: state, byte) ?? addChild(to: state, byte) }
    return state
  }

  /// The state after `byte` in `state`, if needles go on that way.
  func child(of state: Int, _ byte: UInt8) -> Int? {
    if state == 0 { return root[Int(byte)] == 0 ? nil : Int(root[Int(byte)]) }
    var child = Int(nodes[state].child)
    while child != 0, nodes[child].byte != byte { child = Int(nodes[child].sibling) }
    return child == 0 ? nil : child
  }

  private mutating func addChild(to parent: Int, _ byte: UInt8) -> Int {
    let state = nodes.count
    nodes.append(Node(byte: byte, depth: nodes[parent].depth + 1, sibling: nodes[parent].child))
    nodes[parent].child = Int32(state)
    if parent == 0 { root[Int(byte)] = Int32(state) }
    return state
  }

  /// Doubled marks, a plus for a space, and bytes that are not ASCII only stand for themselves, so they are of interest only
  /// if they occur in a needle.
  private mutating func findEscapes(of bytes: Set<UInt8>) {
    for first in UInt8.min...UInt8.max where Escapes.mayBegin(with: first) {
      switch first {
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "$"): guard bytes.contains(first) else { continue }
      case UInt8(ascii: "+"): guard bytes.contains(0x20) else { continue }
      case 0x80...: guard bytes.contains(where: { $0 >= 0x80 }) else { continue }
      default: break
      }
      for second in UInt8.min...UInt8.max where Escapes.mayBegin(with: first, second) {
        pairs[Int(first) | Int(second) << 8] |= Self.beginsEscape
      }
    }
  }

  /// Sets the failure links, breadth first.
  private mutating func link() {
    var queue: [Int] = [0]
    var index = 0
    while index < queue.count {
      let parent = queue[index]
      index += 1
      var child = Int(nodes[parent].child)
      while child != 0 {
        let fallback = parent == 0 ? 0 : step(Int(nodes[parent].failure), nodes[child].byte)
        nodes[child].failure = Int32(fallback)
        nodes[child].match = max(nodes[child].match, nodes[fallback].match)
        if nodes[child].wholeWord == 0 { nodes[child].wholeWord = nodes[fallback].wholeWord }
        queue.append(child)
        child = Int(nodes[child].sibling)
      }
    }
  }
}
