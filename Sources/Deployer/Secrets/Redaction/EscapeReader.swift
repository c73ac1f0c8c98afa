/// Reads text as somebody does who undoes escapes: what a byte and those after it may stand for.
///
/// The escapes are those of JSON, Go, C, Python and shells (`\u002B`, `\x2b`, `\053`, `\n`, `\"`), of URLs (`%2B`, `%u002B`,
/// `+`), of HTML and XML (`&quot;`, `&#34;`, `&#x22;`), doubled marks (`''` in SQL and YAML, `""` in CSV, `$$` in Compose,
/// `%%` in formats), `'\''` and `'"'"'` in shells, and Latin-1 in place of UTF-8, or taken for it. Each is undone in the
/// result of the others as well, up to ``depth`` times: JSON in JSON, HTML in JSON, a URL in a URL.
struct EscapeReader {
  /// How many escapes may lie in each other.
  static let depth = 3

  /// Some bytes, and the position after what stands for them.
  struct Reading: Equatable {
    /// The first byte is the lowest.
    var bytes: UInt32
    var count: Int
    var end: Int

    init(_ byte: UInt8, end: Int) {
      bytes = UInt32(byte)
      count = 1
      self.end = end
    }

    fileprivate init(_ scalar: Unicode.Scalar, end: Int) {
      bytes = scalar.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
      count = scalar.utf8.count
      self.end = end
    }

    /// `nil` if it is not a single byte.
    fileprivate var byte: UInt8? { count == 1 ? UInt8(truncatingIfNeeded: bytes) : nil }
  }

  /// The text: first what the redactor has taken, then what it has not.
  let taken: [UInt8]
  let rest: UnsafeRawBufferPointer
  /// Whether the text ended before the last readings were complete.
  private(set) var isCutOff = false
  /// What has been read already, by position and depth: a run of escapes would be read again from each of its bytes.
  private var known: [Int: (readings: [Reading], isCutOff: Bool)] = [:]
  private static let knownLimit = 1 << 12

  init(taken: [UInt8], rest: UnsafeRawBufferPointer) {
    self.taken = taken
    self.rest = rest
  }

  /// Everything that the text at `position` may stand for.
  mutating func readings(at position: Int) -> [Reading] {
    isCutOff = false
    return ofRun(at: position) ?? readings(at: position, Self.depth)
  }

  /// The readings in a long run of one mark, which doubled stands for itself: up to eight for one. `nil` elsewhere. They are
  /// the same as found one by one, but a flood of marks must not cost more than other text.
  private func ofRun(at position: Int) -> [Reading]? {
    guard let mark = byte(at: position), Escapes.doubled.contains(mark) else { return nil }
    let longest = 1 << Self.depth
    for next in position + 1...position + longest where byte(at: next) != mark { return nil }
    return (1...longest).map { Reading(mark, end: position + $0) }
  }

  /// The byte at `position`; `nil` after the end.
  func byte(at position: Int) -> UInt8? {
    if position < taken.count { return taken[position] }
    return position - taken.count < rest.count ? rest[position - taken.count] : nil
  }

  private mutating func readings(at position: Int, _ depth: Int) -> [Reading] {
    guard let byte = byte(at: position) else {
      isCutOff = true
      return []
    }
    let verbatim = Reading(byte, end: position + 1)
    guard depth > 0, Escapes.mayBegin(with: byte) else { return [verbatim] }
    let place = position << 2 | depth
    if let known = known[place] {
      isCutOff = isCutOff || known.isCutOff
      return known.readings
    }
    let wasCutOff = isCutOff
    isCutOff = false
    var found = readings(at: position, depth - 1)
    for first in found {
      guard let byte = first.byte, Escapes.mayBegin(with: byte) else { continue }
      for reading in undone(byte, at: first.end, depth - 1) where !found.contains(reading) { found.append(reading) }
    }
    if known.count > Self.knownLimit { known.removeAll(keepingCapacity: true) }
    known[place] = (found, isCutOff)
    isCutOff = isCutOff || wasCutOff
    return found
  }

  /// What an escape that begins with `first` stands for.
  private mutating func undone(_ first: UInt8, at position: Int, _ depth: Int) -> [Reading] {
    switch first {
    case UInt8(ascii: "\\"): afterBackslash(position, depth)
    case UInt8(ascii: "%"): afterPercent(position, depth)
    case UInt8(ascii: "&"): afterAmpersand(position, depth)
    case UInt8(ascii: "+"): [Reading(0x20, end: position)]
    case UInt8(ascii: "'"):
      ["'", #"\''"#, #""'"'"#].flatMap { ends(of: $0, at: position, depth) }.map { Reading(first, end: $0) }
    case UInt8(ascii: "\""), UInt8(ascii: "$"):
      readings(at: position, depth).filter { $0.byte == first }.map { Reading(first, end: $0.end) }
    default: latin1(first, at: position, depth)
    }
  }

  private mutating func afterBackslash(_ position: Int, _ depth: Int) -> [Reading] {
    var found: [Reading] = []
    for next in readings(at: position, depth) {
      guard let byte = next.byte, byte < 0x80 else { continue }
      switch byte {
      case UInt8(ascii: "u"):
        found += utf16(at: next.end, depth)
        for open in ends(of: "{", at: next.end, depth) {
          for (value, end) in numbers(at: open, 1...6, radix: 16, depth) {
            for close in ends(of: "}", at: end, depth) { found += character(value, end: close) }
          }
        }
      case UInt8(ascii: "U"): found += characters(at: next.end, 8...8, radix: 16, depth)
      case UInt8(ascii: "x"): found += characters(at: next.end, 2...2, radix: 16, depth)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        for (value, end) in numbers(at: position, 3...3, radix: 8, depth) where value <= 0xFF {
          found += character(value, end: end)
        }
      default:
        if let control = Escapes.controls[byte] {
          found.append(Reading(control, end: next.end))
        } else if !Unicode.Scalar(byte).isWord || byte == UInt8(ascii: "_") {
          found.append(Reading(byte, end: next.end))
        }
      }
    }
    return found
  }

  private mutating func afterPercent(_ position: Int, _ depth: Int) -> [Reading] {
    var found = characters(at: position, 2...2, radix: 16, depth)
    for next in readings(at: position, depth) {
      if next.byte == UInt8(ascii: "%") { found.append(Reading(UInt8(ascii: "%"), end: next.end)) }
      if next.byte == UInt8(ascii: "u") { found += utf16(at: next.end, depth) }
    }
    return found
  }

  private mutating func afterAmpersand(_ position: Int, _ depth: Int) -> [Reading] {
    var found: [Reading] = []
    for number in ends(of: "#", at: position, depth) {
      var values = numbers(at: number, 1...7, radix: 10, depth)
      for start in ends(of: "x", at: number, depth) + ends(of: "X", at: number, depth) {
        values += numbers(at: start, 1...6, radix: 16, depth)
      }
      for (value, end) in values {
        for close in ends(of: ";", at: end, depth) { found += character(value, end: close) }
      }
    }
    var names = [(name: [UInt8](), end: position)]
    while let (name, end) = names.popLast() {
      for next in readings(at: end, depth) {
        guard let byte = next.byte else { continue }
        if byte == UInt8(ascii: ";") {
          if let value = Escapes.entities[name] { found += character(value, end: next.end) }
        } else if name.count < Escapes.longestEntity, byte != UInt8(ascii: "_"), Unicode.Scalar(byte).isWord {
          names.append((name + [byte], next.end))
        }
      }
    }
    return found
  }

  /// A byte of Latin-1 that stands for UTF-8; and a character of UTF-8 that stands for the byte of UTF-8 it was taken for.
  private mutating func latin1(_ first: UInt8, at position: Int, _ depth: Int) -> [Reading] {
    var found = [Reading(Unicode.Scalar(first), end: position)]
    guard first == 0xC2 || first == 0xC3 else { return found }
    for next in readings(at: position, depth) {
      guard let byte = next.byte, (0x80...0xBF).contains(byte) else { continue }
      found.append(Reading(first << 6 | byte & 0x3F, end: next.end))
    }
    return found
  }

  /// Four hexadecimal digits, or a pair of surrogates.
  private mutating func utf16(at position: Int, _ depth: Int) -> [Reading] {
    var found: [Reading] = []
    for (value, end) in numbers(at: position, 4...4, radix: 16, depth) {
      guard (0xD800...0xDBFF).contains(value) else {
        found += character(value, end: end)
        continue
      }
      for start in ends(of: #"\u"#, at: end, depth) + ends(of: "%u", at: end, depth) {
        for (low, end) in numbers(at: start, 4...4, radix: 16, depth) where (0xDC00...0xDFFF).contains(low) {
          found += character(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00), end: end)
        }
      }
    }
    return found
  }

  private mutating func characters(
    at position: Int, _ width: ClosedRange<Int>, radix: UInt32, _ depth: Int
  ) -> [Reading] {
    numbers(at: position, width, radix: radix, depth).flatMap { character($0.value, end: $0.end) }
  }

  /// A number from 128 to 255 may be a character, or a byte of UTF-8.
  private func character(_ value: UInt32, end: Int) -> [Reading] {
    guard let scalar = Unicode.Scalar(value) else { return [] }
    let bytes = (0x80...0xFF).contains(value) ? [Reading(UInt8(value), end: end)] : []
    return bytes + [Reading(scalar, end: end)]
  }

  /// The numbers of as many digits as `width` allows.
  private mutating func numbers(
    at position: Int, _ width: ClosedRange<Int>, radix: UInt32, _ depth: Int
  ) -> [(value: UInt32, end: Int)] {
    var found: [(value: UInt32, end: Int)] = []
    var open = [(value: UInt32(0), end: position)]
    for count in 1...width.upperBound {
      var longer: [(value: UInt32, end: Int)] = []
      for (value, end) in open {
        for next in readings(at: end, depth) {
          guard let byte = next.byte, let digit = Escapes.digit(byte), digit < radix else { continue }
          longer.append((value &* radix &+ digit, next.end))
        }
      }
      open = longer
      if width.contains(count) { found += open }
    }
    return found
  }

  /// The positions after `text`.
  private mutating func ends(of text: String, at position: Int, _ depth: Int) -> [Int] {
    var open = [position]
    for byte in text.utf8 {
      open = open.flatMap { readings(at: $0, depth).filter { $0.byte == byte }.map(\.end) }
    }
    return open
  }
}
