import Testing

@testable import ktrdr

struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("sha-a1b2c3d", 11), ("é", 1), ("e\u{301}", 1), ("Ünïcödé", 7), ("漢字", 4), ("ｶﾅ", 2), ("カナ", 4),
    ("한국어", 6), ("\u{1112}\u{1161}\u{11AB}", 2), ("Ａ１", 4), ("「」", 4), ("𠮷", 2), ("🚀", 2), ("👩‍👩‍👧‍👦", 2),
    ("👍🏽", 2), ("🇨🇭", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("ก\u{E33}", 2), ("می\u{200C}روم", 5), ("→", 1), ("✓", 1),
    ("…", 1), ("☰", 2), ("⚡", 2), ("a\u{20DD}", 1),
  ])
  func `text is as wide as a terminal shows it`(text: String, columns: Int) {
    #expect(text.displayWidth == columns)
  }

  @Test(arguments: [
    ("backend", 7, "backend"), ("backend", 6, "backe…"), ("漢字漢字", 8, "漢字漢字"), ("漢字漢字", 7, "漢字漢…"),
    ("漢字漢字", 6, "漢字…"), ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, "👩‍👩‍👧‍👦…"), ("cafe\u{301}s", 5, "cafe\u{301}s"),
    ("cafe\u{301}s!", 5, "cafe\u{301}…"), ("漢字", 1, "…"), ("漢字", 0, ""),
  ])
  func `what is cut ends with a mark and is never too wide, and no character is cut in two`(
    text: String, width: Int, cut: String
  ) {
    #expect(text.cut(to: width, mark: "…") == cut)
    #expect(text.cut(to: width, mark: "…").displayWidth <= width)
  }

  @Test func `padding counts columns, not characters`() {
    #expect("漢字".padded(to: 6) == "漢字  ")
    #expect("漢字".indented(to: 6) == "  漢字")
    #expect("漢字".padded(to: 3) == "漢字")
  }

  @Test func `words go on as many lines as they need, under the first one`() {
    let indent = String(repeating: " ", count: 15)
    #expect(
      Wrapping.lines(["db", "grafana", "漢字漢字", "mcp"], after: "  ✓ 4 in sync  ", width: 26) == [
        "  ✓ 4 in sync  db grafana", indent + "漢字漢字", indent + "mcp",
      ])
    #expect(Wrapping.lines([], after: "none", width: 2) == ["none"])
    #expect(Wrapping.lines(["toolong"], after: "  ", width: 4) == ["  toolong"])
  }

  @Test(arguments: [
    ("it fits", ["it fits"]), ("a line that is too wide", ["a line that is", "  too wide"]),
    ("  a detail that is too wide", ["  a detail that", "    is too wide"]),
    ("steps  lock, pull, up and health", ["steps  lock,", "       pull, up", "       and", "       health"]),
    ("sha256:00112233445566778899", ["sha256:00112233445566778899"]), ("漢字漢字漢字 漢字漢字", ["漢字漢字漢字", "  漢字漢字"]),
  ])
  func `a line that is too wide breaks between words`(line: String, lines: [String]) {
    #expect(Wrapping.lines(line, width: 16) == lines)
  }
}
