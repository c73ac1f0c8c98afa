@testable import Deployer

/// The specification of redaction, as simple as possible and slow: spells every needle in every way at every index.
///
/// It goes the other way round than the redactor, which reads: here each character of a needle is written, and each
/// character of what was written is written again.
struct ReferenceRedaction {
  private let text: [UInt8]
  private var known: [Question: Set<Int>] = [:]
  private var spelled: [[UInt8]: [[[UInt8]]]] = [:]

  private struct Question: Hashable {
    var bytes: [UInt8]
    var index: Int
    var depth: Int
  }

  static func redact(_ text: [UInt8], needles: NeedleForms) -> [UInt8] {
    var reference = ReferenceRedaction(text: text)
    var isSecret = [Bool](repeating: false, count: text.count)
    for start in text.indices {
      for needle in needles.plain.union(needles.wholeWords) {
        for end in reference.ends(of: needle, at: start) where end - start >= 8 {
          for index in start..<end { isSecret[index] = true }
        }
      }
      for needle in needles.wholeWords where text[start...].starts(with: needle) {
        let end = start + needle.count
        let before = start > 0 && isWord(text[start - 1]) && isWord(text[start])
        let after = end < text.count && isWord(text[end]) && isWord(text[end - 1])
        if !before && !after { for index in start..<end { isSecret[index] = true } }
      }
    }
    var output: [UInt8] = []
    for index in text.indices {
      if !isSecret[index] {
        output.append(text[index])
      } else if index == 0 || !isSecret[index - 1] {
        output += Array("[REDACTED]".utf8)
      }
    }
    return output
  }

  private init(text: [UInt8]) { self.text = text }

  /// Where a needle may end that begins at `start`.
  private mutating func ends(of needle: [UInt8], at start: Int) -> Set<Int> {
    guard text[start] == needle.first || Self.beginsSpelling[Int(text[start])] else { return [] }
    var reached = [Set<Int>](repeating: [], count: needle.count + 1)
    reached[0] = [start]
    for place in needle.indices where !reached[place].isEmpty {
      for length in 1...min(4, needle.count - place) {
        let part = Array(needle[place..<place + length])
        guard length == 1 || Spelling.scalar(part) != nil else { continue }
        for index in reached[place] { reached[place + length].formUnion(ends(ofPart: part, at: index, depth: 3)) }
      }
    }
    return reached[needle.count]
  }

  /// A byte, or the bytes of one character.
  private mutating func ends(ofPart part: [UInt8], at index: Int, depth: Int) -> Set<Int> {
    guard index < text.count else { return [] }
    if depth == 0 { return part == [text[index]] ? [index + 1] : [] }
    // No way of writing begins with another byte.
    guard Self.beginsSpelling[Int(text[index])] else {
      return part == [text[index]] ? [index + 1] : []
    }
    let question = Question(bytes: part, index: index, depth: depth)
    if let answer = known[question] { return answer }
    var found = ends(ofPart: part, at: index, depth: depth - 1)
    for spelling in spellings(of: part) {
      var open: Set<Int> = [index]
      for letters in spelling {
        open = open.reduce(into: []) { ends, index in
          for letter in letters { ends.formUnion(self.ends(ofPart: [letter], at: index, depth: depth - 1)) }
        }
        if open.isEmpty { break }
      }
      found.formUnion(open)
    }
    known[question] = found
    return found
  }

  private static let beginsSpelling = (0...255).map { $0 >= 0x80 || Array(#"\%&+'"$"#.utf8).contains(UInt8($0)) }

  private mutating func spellings(of part: [UInt8]) -> [[[UInt8]]] {
    if let kept = spelled[part] { return kept }
    let all = Spelling.all(of: part)
    spelled[part] = all
    return all
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8).contains(byte)
  }
}

/// How a character is written, letter by letter; of each letter every one that is as good.
private enum Spelling {
  static func scalar(_ bytes: [UInt8]) -> Unicode.Scalar? {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    return scalars.count == 1 && Array(scalars[0].utf8) == bytes ? scalars[0] : nil
  }

  static func all(of bytes: [UInt8]) -> [[[UInt8]]] {
    let value = bytes.count == 1 ? UInt32(bytes[0]) : scalar(bytes)?.value ?? 0
    var found = numbers(value)
    if let name = names[value] { found.append(exactly("&\(name);")) }
    if bytes.count == 1, value >= 0x80 {
      found.append(Array(String(Character(Unicode.Scalar(bytes[0]))).utf8).map { [$0] })
    }
    if bytes.count == 2, value <= 0xFF { found.append([[UInt8(value)]]) }
    guard bytes.count == 1, value < 0x80, let scalar = Unicode.Scalar(value) else { return found }
    let letter = String(Character(scalar))
    for (name, control) in [
      ("n", 10), ("r", 13), ("t", 9), ("b", 8), ("f", 12), ("a", 7), ("v", 11), ("e", 27), ("E", 27),
    ]
    where control == value { found.append(exactly("\\\(name)")) }
    if !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) { found.append(exactly("\\\(letter)")) }
    if "'\"$%".contains(letter) { found.append(exactly(letter + letter)) }
    if letter == "'" { found += [exactly(#"'\''"#), exactly(#"'"'"'"#)] }
    if letter == " " { found.append(exactly("+")) }
    return found
  }

  private static func numbers(_ value: UInt32) -> [[[UInt8]]] {
    let hex = String(value, radix: 16)
    func padded(_ digits: String, _ width: Int) -> String {
      String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
    var found = [exactly("\\U") + digits(padded(hex, 8))]
    for width in hex.count...6 {
      found.append(exactly("\\u{") + digits(padded(hex, width)) + exactly("}"))
      found.append(exactly("&#") + [Array("xX".utf8)] + digits(padded(hex, width)) + exactly(";"))
    }
    for width in "\(value)".count...7 { found.append(exactly("&#\(padded("\(value)", width));")) }
    if value <= 0xFFFF {
      found += ["\\u", "%u"].map { exactly($0) + digits(padded(hex, 4)) }
    } else {
      let (high, low) = (0xD800 + (value - 0x10000) >> 10, 0xDC00 + (value - 0x10000) & 0x3FF)
      for (one, other) in [("\\u", "\\u"), ("%u", "%u"), ("\\u", "%u"), ("%u", "\\u")] {
        found.append(
          exactly(one) + digits(String(high, radix: 16)) + exactly(other) + digits(String(low, radix: 16)))
      }
    }
    if value <= 0xFF {
      found += ["\\x", "%"].map { exactly($0) + digits(padded(hex, 2)) }
      found.append(exactly("\\" + padded(String(value, radix: 8), 3)))
    }
    return found
  }

  /// Some names; the redactor knows more.
  private static let names: [UInt32: String] = [
    0x22: "quot", 0x26: "amp", 0x27: "apos", 0x3C: "lt", 0x3E: "gt", 0x2F: "sol", 0xFC: "uuml", 0xE9: "eacute",
  ]

  private static func exactly(_ text: String) -> [[UInt8]] { text.utf8.map { [$0] } }

  /// Hexadecimal digits in either case.
  private static func digits(_ text: String) -> [[UInt8]] {
    text.map { Array(Set("\($0.lowercased())\($0.uppercased())".utf8)) }
  }
}
