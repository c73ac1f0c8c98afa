/// An Aho–Corasick automaton over bytes (Aho and Corasick, CACM 18/6, 1975), its failure links folded into one full
/// table: one look-up a byte.
struct Automaton: Sendable {
  /// What a state knows beyond its transitions.
  struct Node: Sendable {
    /// How many bytes of a needle have been read.
    var depth = 0
    /// The longest needle that ends here, in bytes; 0 for none.
    var match = 0
    /// The longest needle that ends here and counts only between word borders; 0 for none.
    var borderedMatch = 0
  }

  private(set) var next: [Int32]
  private(set) var nodes: [Node]

  init(plain: Set<[UInt8]>, bordered: Set<[UInt8]>) {
    next = [Int32](repeating: -1, count: 256)
    nodes = [Node()]
    for needle in plain where !needle.isEmpty { insert(needle) { $0.match = needle.count } }
    for needle in bordered where !needle.isEmpty { insert(needle) { $0.borderedMatch = needle.count } }
    link()
  }

  @inline(__always)
  func step(_ state: Int, _ byte: UInt8) -> Int { Int(next[state << 8 | Int(byte)]) }

  private mutating func insert(_ needle: [UInt8], _ mark: (inout Node) -> Void) {
    var state = 0
    for byte in needle {
      let slot = state << 8 | Int(byte)
      if next[slot] < 0 {
        next[slot] = Int32(nodes.count)
        nodes.append(Node(depth: nodes[state].depth + 1))
        next += [Int32](repeating: -1, count: 256)
      }
      state = Int(next[slot])
    }
    mark(&nodes[state])
  }

  private mutating func link() {
    var failure = [Int](repeating: 0, count: nodes.count)
    var queue: [Int] = [0]
    var index = 0
    while index < queue.count {
      let state = queue[index]
      index += 1
      for byte in 0..<256 {
        let slot = state << 8 | byte
        let fallback = state == 0 ? 0 : Int(next[failure[state] << 8 | byte])
        guard next[slot] >= 0 else {
          next[slot] = Int32(fallback)
          continue
        }
        let child = Int(next[slot])
        failure[child] = fallback
        nodes[child].match = max(nodes[child].match, nodes[fallback].match)
        nodes[child].borderedMatch = max(nodes[child].borderedMatch, nodes[fallback].borderedMatch)
        queue.append(child)
      }
    }
  }
}
