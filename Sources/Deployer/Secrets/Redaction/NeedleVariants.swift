#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The forms in which a value may turn up in a program's output.
enum NeedleVariants {
  /// A form shorter than this matches too much by chance.
  static let shortestEncoded = 8
  /// A value shorter than this is not looked for at all.
  static let shortestRaw = 4
  /// A value shorter than this counts only as a word of its own.
  static let shortestUnbordered = 8

  /// The value itself: as it is, trimmed, line by line, with CR LF.
  static func raw(of value: [UInt8]) -> [[UInt8]] {
    let lines = value.split(separator: 0x0A).map { Array($0) }.filter { $0.count >= shortestEncoded }
    let carriage = value.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    return [value, trimmed(value), carriage] + lines
  }

  /// The value as other programs write it.
  static func encoded(of value: [UInt8]) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for line in Set([value, trimmed(value)] + value.split(separator: 0x0A).map { Array($0) }) {
      forms += [
        json(line, go: true, slash: false), json(line, go: false, slash: false), json(line, go: false, slash: true),
      ]
      forms += [goQuoted(line), ShellQuoting.quoted(line).dropFirst().dropLast().map { $0 }]
      forms.append(line.flatMap { $0 == UInt8(ascii: "$") ? [$0, $0] : [$0] })
      forms += [percent(line, upper: true, plus: false), percent(line, upper: false, plus: false)]
      forms += [percent(line, upper: true, plus: true), percent(line, upper: false, plus: true)]
      forms += base64(line)
    }
    return forms.filter { $0.count >= shortestEncoded }
  }

  /// Base64 at the three alignments, the characters cut that depend on what stands beside the value.
  static func base64(_ value: [UInt8]) -> [[UInt8]] {
    (0..<3).flatMap { lead -> [[UInt8]] in
      let bits = (lead + value.count) * 8
      let text = Array(Data([UInt8](repeating: 0, count: lead) + value).base64EncodedString().utf8)
      let start = lead == 0 ? 0 : lead + 1
      let end = bits / 6
      guard end > start else { return [] }
      let standard = Array(text[start..<min(end, text.count)])
      let urlSafe = standard.map {
        $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
      }
      return [standard, urlSafe]
    }
  }

  private static func trimmed(_ value: [UInt8]) -> [UInt8] {
    let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    return Array(value.drop { space.contains($0) }.reversed().drop { space.contains($0) }.reversed())
  }

  /// A JSON string's inside; Go also escapes `<`, `>` and `&`, some encoders the slash.
  private static func json(_ value: [UInt8], go: Bool, slash: Bool) -> [UInt8] {
    value.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [0x5C, byte]
      case 0x0A: return Array(#"\n"#.utf8)
      case 0x0D: return Array(#"\r"#.utf8)
      case 0x09: return Array(#"\t"#.utf8)
      case UInt8(ascii: "/") where slash: return [0x5C, byte]
      case UInt8(ascii: "<") where go, UInt8(ascii: ">") where go, UInt8(ascii: "&") where go, 0..<0x20:
        return Array((#"\u00"# + hex(byte, upper: false)).utf8)
      default: return [byte]
      }
    }
  }

  /// Go's `%q`.
  private static func goQuoted(_ value: [UInt8]) -> [UInt8] {
    value.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): [0x5C, byte]
      case 0x0A: Array(#"\n"#.utf8)
      case 0x0D: Array(#"\r"#.utf8)
      case 0x09: Array(#"\t"#.utf8)
      case 0..<0x20, 0x7F: Array((#"\x"# + hex(byte, upper: false)).utf8)
      default: [byte]
      }
    }
  }

  private static func percent(_ value: [UInt8], upper: Bool, plus: Bool) -> [UInt8] {
    value.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        [byte]
      case 0x20 where plus: [UInt8(ascii: "+")]
      default: Array(("%" + hex(byte, upper: upper)).utf8)
      }
    }
  }

  private static func hex(_ byte: UInt8, upper: Bool) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: upper)
  }
}
