extension String {
  /// How many columns of a terminal the text takes, without colours. Characters of ambiguous width count as narrow, as they are
  /// in every terminal that is not set up for East Asian text.
  var displayWidth: Int {
    // To find the characters of other text takes time, and nearly all is of this kind.
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// Padded with spaces on the right to this many columns. Wider text is returned unchanged.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - displayWidth)) }

  /// Padded with spaces on the left to this many columns. Wider text is returned unchanged.
  func indented(to width: Int) -> String { String(repeating: " ", count: max(0, width - displayWidth)) + self }

  /// Cut to at most this many columns, with `mark` in place of what is missing. No character is cut in two.
  func cut(to width: Int, mark: String) -> String {
    guard displayWidth > width else { return self }
    var room = width - mark.displayWidth
    guard room >= 0 else { return "" }
    let kept = prefix { character in
      room -= character.displayWidth
      return room >= 0
    }
    return kept + mark
  }
}

extension Character {
  /// The columns of one character as people see it: a flag or a family is one picture, an accent takes no place of its own.
  fileprivate var displayWidth: Int {
    let scalars = unicodeScalars
    guard scalars.count > 1 else { return scalars.first?.displayWidth ?? 0 }
    // The presentation selector, and what the zero width joiner joins, ask for a picture, which is wide.
    let joinsPictures = scalars.contains { $0.value == 0x200D } && scalars.contains(where: \.isPicture)
    let widths = scalars.map(\.displayWidth)
    if joinsPictures || scalars.contains(where: { $0.value == 0xFE0F }) || widths.contains(2) { return 2 }
    return widths.reduce(0, +)
  }
}

extension Unicode.Scalar {
  fileprivate var isPicture: Bool { properties.isEmoji && !isASCII }

  fileprivate var displayWidth: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // Vowels and final consonants of Hangul, which join the syllable before them.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    return properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The blocks whose characters have the width W or F in Unicode 18's EastAsianWidth.txt
  /// (https://www.unicode.org/Public/UCD/latest/ucd/EastAsianWidth.txt), with the gaps between neighbours filled in. Emoji are
  /// left out: the standard library knows them.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul Jamo
    0x2329...0x232A,  // angle brackets
    0x2630...0x2637, 0x268A...0x268F,  // trigrams, monograms and digrams
    0x2E80...0x303E,  // radicals, description characters, CJK punctuation
    0x3041...0xA4CF,  // kana, Bopomofo, compatibility Jamo, ideographs, Yi
    0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,  // compatibility ideographs and forms
    0xFF01...0xFF60, 0xFFE0...0xFFE6,  // fullwidth forms
    0x16FE0...0x191FF, 0x1AFF0...0x1B2FF,  // Tangut, Khitan, kana, Nushu
    0x1D300...0x1D376,  // Tai Xuan Jing, counting rods
    0x1F200...0x1F265,  // enclosed ideographs
    0x20000...0x3FFFD,  // ideographs of the supplementary planes
  ]
}
