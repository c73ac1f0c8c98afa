/// An Aho–Corasick automaton over bytes (Aho and Corasick, CACM 18/6, 1975).
///
/// A value of many lines has thousands of states, nearly all with one child, so each keeps a list of its children: some
/// thirty bytes a state, where a full table would take a kilobyte. Before the first state a filter over the first four
/// bytes of all needles passes most of a text by.
struct Automaton: Sendable {
  /// No needle is shorter: the filter looks at as many bytes.
  static let shortestNeedle = 4

  private struct Node: Sendable {
    /// The byte that leads here.
    var byte: UInt8 = 0
    /// How many bytes of a needle have been read.
    var depth: Int32 = 0
    /// The longest proper suffix of what has been read that begins a needle, too.
    var failure: Int32 = 0
    /// The first child, and the next one of the same parent; 0 for none.
    var child: Int32 = 0
    var sibling: Int32 = 0
    /// The longest needle that ends here, in bytes; 0 for none.
    var match: Int32 = 0
    /// The longest suffix, this state included, that is a bordered needle; 0 for none.
    var bordered: Int32 = 0
  }

  private var nodes = [Node()]
  private var root = [Int32](repeating: 0, count: 256)
  /// One bit for each hash of four bytes that a needle begins with.
  private var beginnings = [UInt64](repeating: 0, count: 1 << 10)

  /// Needles below ``shortestNeedle`` are left out. A bordered one counts only where no word goes on at its ends.
  init(plain: Set<[UInt8]>, bordered: Set<[UInt8]>) {
    for needle in plain where needle.count >= Self.shortestNeedle {
      let end = insert(needle)
      nodes[end].match = nodes[end].depth
    }
    for needle in bordered where needle.count >= Self.shortestNeedle {
      let end = insert(needle)
      nodes[end].bordered = Int32(end)
    }
    link()
  }

  /// The state after `byte`; 0 is the first one.
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

  func depth(of state: Int) -> Int { Int(nodes[state].depth) }
  func match(at state: Int) -> Int { Int(nodes[state].match) }

  /// The lengths of the bordered needles that end at `state`, the longest first.
  func borderedMatches(at state: Int) -> [Int] {
    var lengths: [Int] = []
    var end = Int(nodes[state].bordered)
    while end != 0 {
      lengths.append(depth(of: end))
      end = Int(nodes[Int(nodes[end].failure)].bordered)
    }
    return lengths
  }

  func hasBorderedMatch(at state: Int) -> Bool { nodes[state].bordered != 0 }

  /// The first place from `start` on where a needle may begin; within the last three bytes that is not told.
  @inline(__always)
  func nextCandidate(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let end = bytes.count - (Self.shortestNeedle - 1)
    guard start < end else { return start }
    return beginnings.withUnsafeBufferPointer { bits in
      for index in start..<end {
        let hash = Self.hash(bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        if bits[Int(hash >> 6)] & (1 << UInt64(hash & 63)) != 0 { return index }
      }
      return end
    }
  }

  /// Sixteen bits: multiplied by 2³² over the golden ratio, as Knuth advises for such tables.
  @inline(__always)
  private static func hash(_ word: UInt32) -> UInt32 { (UInt32(littleEndian: word) &* 0x9E37_79B1) >> 16 }

  private mutating func insert(_ needle: [UInt8]) -> Int {
    let word = needle.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    let hash = Self.hash(word)
    beginnings[Int(hash >> 6)] |= 1 << UInt64(hash & 63)
    var state = 0
    for byte in needle { state = child(of: state, byte) ?? addChild(to: state, byte) }
    return state
  }

  private func child(of state: Int, _ byte: UInt8) -> Int? {
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

  /// Fills in the failure links, state by state in the order of their depths.
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
        if nodes[child].bordered == 0 { nodes[child].bordered = nodes[fallback].bordered }
        queue.append(child)
        child = Int(nodes[child].sibling)
      }
    }
  }
}
