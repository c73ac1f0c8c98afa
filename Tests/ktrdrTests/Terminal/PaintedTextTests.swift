import Platform
import Testing

@testable import ktrdr

struct PaintedTextTests {
  private static let text = PaintedText("core ") + PaintedText("✓", .green) + PaintedText(" 漢字")

  private func plain(_ text: PaintedText) -> String { text.painted(in: Appearance(now: Date())) }

  @Test(arguments: [
    (11, "core ✓ 漢字"), (10, "core ✓ 漢…"), (9, "core ✓ …"), (8, "core ✓ …"), (7, "core ✓…"), (6, "core …"), (5, "core…"),
    (1, "…"), (0, ""),
  ])
  func `it is cut where the columns end, whatever has which colour`(width: Int, cut: String) {
    #expect(plain(Self.text.cut(to: width, mark: "…")) == cut)
    #expect(cut.displayWidth <= width)
  }

  @Test func `colours take no columns, and are closed where the text is cut`() {
    let bright = Appearance(hasColors: true, now: Date())
    let text = PaintedText("failed", .red) + PaintedText(": why")
    #expect(text.cut(to: 4, mark: "…").painted(in: bright) == "\u{1B}[31mfai…\u{1B}[0m")
    #expect(text.painted(in: bright) == "\u{1B}[31mfailed\u{1B}[0m: why")
    #expect(text.displayWidth == 11)
  }

  @Test func `what steers a terminal is escaped`() {
    #expect(plain(PaintedText("a\u{1B}[2Jb\n")) == #"a\u{1b}[2Jb\u{a}"#)
  }
}
