/// Damages texts in the ways that parsers trip over. The same seed does the same (SplitMix64).
struct Mutator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A text of the corpus, damaged up to eight times.
  mutating func input(from corpus: [[UInt8]]) -> [UInt8] {
    var bytes = corpus.randomElement(using: &self) ?? []
    for _ in 0..<Int.random(in: 0...8, using: &self) { damage(&bytes, corpus) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
    let place = Int.random(in: 0...bytes.count, using: &self)
    let end = Int.random(in: place...min(bytes.count, place + 40), using: &self)
    switch Int.random(in: 0..<9, using: &self) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &self)
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 4: bytes.insert(contentsOf: Self.tokens.randomElement(using: &self).map { Array($0.utf8) } ?? [], at: place)
    case 5:
      let piece = Self.tokens.randomElement(using: &self).map { Array($0.utf8) } ?? []
      for _ in 0..<Int.random(in: 1...300, using: &self) { bytes.insert(contentsOf: piece, at: place) }
    case 6: bytes.removeLast(bytes.count - place)
    case 7:
      let other = corpus.randomElement(using: &self) ?? []
      bytes.replaceSubrange(place..., with: other.dropFirst(Int.random(in: 0...other.count, using: &self)))
    default: bytes.insert(contentsOf: (0..<8).map { _ in UInt8.random(in: 0...255, using: &self) }, at: place)
    }
  }

  private static let tokens = [
    "\n", "\t", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!!binary ", "!!python/object:os.system ",
    "|\n", ">\n",
    "---\n", "...\n", "\"", "'", "\\u0000", "\\ud800", "null", "1e999", "-0", "0x7fffffffffffffff", "\u{FEFF}", "\0",
    "\r\n",
    "\u{1B}[2J", "\u{1B}]0;x\u{07}", "\u{202E}", "@@0123456789abcdef0123456789abcdef ", "end\tup\t0\n",
    "fact\tservices\t", "done\n",
    "\\", "\\\\u00", "%", "%25", "&#x", "&amp;", "''", "\"\"", "$$", "+", "\u{FC}", "correct", "horse", "\u{2028}",
    "\u{200F}",
    "targets:\n", "host: -oProxyCommand=x\n", "secrets: ", "$(id)", "; rm -rf /", "../", "fields", "value",
  ]
}
