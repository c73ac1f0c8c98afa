import Platform
import TestSupport
import Testing

@testable import Deployer

@Suite struct RedactorTests {
  private static let alphabets = [
    "ab", "ab ", "aA0_-. $", "x\n\r\t\"'\\", "ü✓é ", "\\u00%2;&#x'\"$+n ",
    "abcdefghijklmnopqrstuvwxyz0123456789 \n=:/+",
  ]

  /// More of them in `make thorough`.
  private static let seeds = 0..<UInt64(isThorough ? 1000 : 20)

  @Test(arguments: seeds)
  func `in random texts no needle survives and nothing else changes`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<(isThorough ? 2 : 1) {
      let (needles, forms, text) = Self.randomCase(using: &random)
      let expected = ReferenceRedaction.redact(text, needles: forms)
      var redactor = Redactor(needles)
      let output = redactor.push(text) + redactor.finish()
      #expect(output == expected, "seed \(seed)")
      for needle in forms.plain { #expect(!output.contains(sequence: needle), "seed \(seed)") }
    }
  }

  @Test(arguments: seeds)
  func `how the stream is split makes no difference`(seed: UInt64) {
    var random = SeededGenerator(seed: 1000 + seed)
    let (needles, _, text) = Self.randomCase(using: &random)
    var whole = Redactor(needles)
    let expected = whole.push(text) + whole.finish()
    for most in [1, 2, 3, 7, 64] {
      var redactor = Redactor(needles)
      var output: [UInt8] = []
      var rest = text[...]
      while !rest.isEmpty {
        let count = Int.random(in: 0...most, using: &random)
        output += redactor.push(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(output + redactor.finish() == expected, "seed \(seed), chunks up to \(most)")
    }
  }

  @Test func `a redactor without the value lets it through, so the tests above can fail`() {
    let secret = "correct horse battery"
    let text = "password=\(secret)\n"
    let right = NeedleSet([("A", Secret(secret))])
    let wrong = NeedleSet([("A", Secret("another value"))])
    #expect(Redactor.redact(text, right) == "password=[REDACTED]\n")
    #expect(Redactor.redact(text, wrong) == text)
    #expect(right.containsNeedle(in: Array(text.utf8)))
    #expect(!wrong.containsNeedle(in: Array(text.utf8)))
    #expect(!right.containsNeedle(in: Array(Redactor.redact(text, right).utf8)))
  }

  @Test(arguments: [
    ("a whole word", "say pass7 now", "say [REDACTED] now"), ("part of a word", "compass7 pass77", "compass7 pass77"),
    ("at the ends", "pass7", "[REDACTED]"), ("twice", "pass7=pass7", "[REDACTED]=[REDACTED]"),
    ("in quotes", "'pass7'", "'[REDACTED]'"),
  ])
  func `a value of four to seven bytes is only masked as a whole word`(name: String, text: String, expected: String) {
    #expect(Redactor.redact(text, NeedleSet([("A", Secret("pass7"))])) == expected)
  }

  @Test func `of two short values with the same end, the one at a word boundary is masked`() {
    let needles = NeedleSet([("A", Secret("ab-1234")), ("B", Secret("1234"))])
    #expect(Redactor.redact("zab-1234 ab-1234", needles) == "zab-[REDACTED] [REDACTED]")
  }

  @Test func `only what may still become a needle is held back`() {
    var redactor = Redactor(NeedleSet([("A", Secret("abcdefghij"))]))
    #expect(redactor.push(Array("xx abcde".utf8)) == Array("xx ".utf8))
    #expect(redactor.push(Array("fghi".utf8)).isEmpty)
    #expect(redactor.push(Array("! ".utf8)) == Array("abcdefghi! ".utf8))
    #expect(redactor.push(Array("abcde".utf8)).isEmpty)
    #expect(redactor.finish() == Array("abcde".utf8))
  }

  @Test func `needles that overlap or touch become a single mask`() {
    let needles = NeedleSet([("A", Secret("abcdefgh")), ("B", Secret("efghijkl"))])
    #expect(Redactor.redact("<abcdefghijkl>", needles) == "<[REDACTED]>")
    #expect(Redactor.redact("<abcdefghabcdefgh>", needles) == "<[REDACTED]>")
    #expect(Redactor.redact("<abcdefgh abcdefgh>", needles) == "<[REDACTED] [REDACTED]>")
  }

  @Test func `a value of the maximum length is found in a stream of small chunks`() {
    var random = SeededGenerator(seed: 7)
    let value = random.bytes(131_000...131_000, of: Array("abcdefgh0123".utf8))
    var redactor = Redactor(NeedleSet([("A", Secret(value))]))
    var output: [UInt8] = []
    var rest = (Array("[".utf8) + value + Array("]".utf8))[...]
    while !rest.isEmpty {
      output += redactor.push(Array(rest.prefix(4000)))
      rest = rest.dropFirst(4000)
    }
    #expect(output + redactor.finish() == Array("[[REDACTED]]".utf8))
  }

  /// A set of needles, and a text made of needles, parts of needles and random letters of the same alphabet.
  private static func randomCase(using random: inout SeededGenerator) -> (NeedleSet, NeedleForms, [UInt8]) {
    let letters = Array((alphabets.randomElement(using: &random) ?? "ab").utf8)
    let secrets = (0..<Int.random(in: 1...3, using: &random)).map { index in
      (name: "S\(index)", secret: Secret(random.bytes(1...24, of: letters)))
    }
    let logins = secrets.suffix(1).map { RegistryLogin(server: "r", username: "user", token: $0.secret) }
    let forms = NeedleForms(secrets.map(\.secret), logins: logins)
    let all = (Array(forms.plain) + Array(forms.wholeWords)).sorted { $0.lexicographicallyPrecedes($1) }
    var text: [UInt8] = []
    while text.count < 120 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: text += random.bytes(0...12, of: letters)
      case 1: text += all.randomElement(using: &random) ?? []
      case 2:
        // Written by up to three programs, one after the other.
        let form = String(decoding: all.randomElement(using: &random) ?? [], as: UTF8.self)
        text +=
          (0..<Int.random(in: 1...3, using: &random)).reduce(form) { text, _ in
            Writings.escaping.randomElement(using: &random)?.write(text) ?? text
          }.utf8
      default:
        let form = all.randomElement(using: &random) ?? []
        text += form.dropFirst(Int.random(in: 0...3, using: &random)).dropLast(Int.random(in: 0...3, using: &random))
      }
    }
    return (NeedleSet(secrets, logins: logins), forms, text)
  }
}
