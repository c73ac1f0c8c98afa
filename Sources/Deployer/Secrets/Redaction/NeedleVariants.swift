/// The forms in which a value may appear in a program's output.
enum NeedleVariants {
  /// Changed, encoded and escaped forms shorter than this, in bytes, are left out: they would match unrelated text by chance.
  static let shortestEncoded = 8
  /// Values shorter than this, in bytes, are not redacted at all.
  static let shortestRaw = Automaton.shortestNeedle
  /// Values shorter than this, in bytes, are only redacted as whole words.
  static let shortestPlain = 8

  /// The value itself: verbatim, trimmed, with either line ending, and each of its longer lines.
  static func raw(of value: [UInt8]) -> Set<[UInt8]> {
    let unix = replaced([0x0D, 0x0A], by: [0x0A], in: value)
    let lines = unix.split(separator: 0x0A).map { Array($0) }
    let long = (lines + lines.map(trimmed)).filter { $0.count >= shortestEncoded }
    return Set([value, trimmed(value), unix, replaced([0x0A], by: [0x0D, 0x0A], in: unix)] + long)
  }

  /// The value as other programs change or encode it. How they escape it is not listed: ``EscapeReader`` undoes that.
  static func changed(_ value: [UInt8]) -> Set<[UInt8]> {
    var forms: Set<[UInt8]> = []
    for base in raw(of: value) {
      let text = String(decoding: base, as: UTF8.self)
      for cased in [base, Array(text.uppercased().utf8), Array(text.lowercased().utf8)] {
        forms.insert(cased)
        // A path for Windows made one for everything else.
        forms.insert(cased.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 })
      }
      forms.formUnion(Base64Forms.of(base))
    }
    return forms.filter { $0.count >= shortestEncoded }
  }

  private static func trimmed(_ value: [UInt8]) -> [UInt8] {
    let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    return Array(value.drop { space.contains($0) }.reversed().drop { space.contains($0) }.reversed())
  }

  private static func replaced(_ part: [UInt8], by other: [UInt8], in value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = value[...]
    while let first = rest.first {
      if rest.starts(with: part) {
        result += other
        rest = rest.dropFirst(part.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
