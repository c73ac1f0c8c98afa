import Platform
import Testing

@testable import Deployer

struct ForeignTextTests {
  @Test(arguments: [
    ("a\r\nb\nc", ["a", "b", "c"]), ("a\r\n", ["a", ""]), ("a\r\r\nb", ["a\r", "b"]),
    ("a\rb\u{2028}c", ["a\rb\u{2028}c"]),
    ("", [""]), ("\n\u{301}x", ["", "\u{301}x"]),
  ])
  func `lines are cut at the byte LF, and a CR before it goes with it`(text: String, lines: [String]) {
    #expect(text.byteLines == lines)
  }

  @Test(
    arguments: [
      "\0", "\n", "\r", "\t", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{AD}", "\u{61C}", "\u{200B}", "\u{200E}",
      "\u{200F}",
      "\u{2028}", "\u{2029}", "\u{202A}", "\u{202E}", "\u{2060}", "\u{2066}", "\u{2069}", "\u{FEFF}", "\u{E0041}",
    ] as [Unicode.Scalar])
  func `a character that nobody sees is escaped, quoted, and refused in what is recorded`(scalar: Unicode.Scalar) {
    let text = "a\(scalar)b"
    let escaped = "a\\u{\(String(scalar.value, radix: 16))}b"
    #expect(text.escapedForPeople() == escaped)
    #expect(quoted(text) == "'\(escaped)'")
    #expect(throws: UnrecordableText(what: "x has an invisible character: '\(escaped)'")) {
      try UnrecordableText.check(text, from: "x")
    }
    #expect(scalar.escapedForJSON.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: ["plain text", "ünïcödé 漢字 🔑", "👩\u{200D}💻", "می\u{200C}خواهم", "é", "ﬁ\u{301}"])
  func `what people write stays as it is`(text: String) throws {
    #expect(text.escapedForPeople() == text)
    #expect(text.printable == text)
    #expect(try UnrecordableText.check(text, from: "x") == text)
  }

  @Test func `words of other programs lose their escape sequences, and the rest is escaped`() {
    #expect(
      "\u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{07}a\tb\rc\u{200F}\u{9B}2J".printable
        == "red a b\\u{d}c\\u{200f}\\u{9b}2J")
  }

  @Test(arguments: [
    ["KTRDR_OPERATOR": "ada\n9  2026  core  eve"], ["KTRDR_OPERATOR": "ada\r\neve"], ["GITHUB_ACTOR": "bot\u{1B}[2K"],
    ["BUILD_USER": "\u{202E}ada"], ["USER": "a\u{2028}b"],
  ])
  func `an operator's name that could forge a line is refused`(environment: [String: String]) async {
    await #expect(throws: UnrecordableText.self) {
      try await OperatorIdentity.resolve(environment: environment, gitEmail: { nil }, machine: "desk")
    }
  }

  @Test func `so is git's user email`() async {
    await #expect(throws: UnrecordableText.self) {
      try await OperatorIdentity.resolve(environment: [:], gitEmail: { "a@b\u{7}" }, machine: "desk")
    }
  }
}
