import Platform
import Testing

@testable import ktrdr

struct MarkupTests {
  @Test(arguments: [
    ("plain text", "plain text"), ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"), ("&amp;", "&amp;amp;"),
    ("日本 → é", "日本 → é"),
    ("a\u{1B}[31m", "a\\u{1b}[31m"), ("a\nb\tc", "a\\u{a}b\\u{9}c"), ("\u{202E}x", "\\u{202e}x"), ("\u{0}", "\\u{0}"),
    ("\u{7F}", "\\u{7f}"), ("e\u{301}<", "e\u{301}&lt;"),
  ])
  func `text is escaped`(text: String, expected: String) {
    #expect("\(text)" as Markup == Markup(trusted: expected))
    #expect(Markup(text: text).html == expected)
  }

  @Test func `markup in markup stays markup`() {
    let inner: Markup = "<b>\("<i>")</b>"
    #expect(
      ("<p>\(inner)\([inner, inner])\(7)</p>" as Markup).html == """
        <p><b>&lt;i&gt;</b><b>&lt;i&gt;</b><b>&lt;i&gt;</b>7</p>
        """)
  }

  @Test(arguments: hostileTexts)
  func `nothing hostile leaves a text or an attribute`(text: String) {
    let html = ("<p title=\"\(text)\">\(text)</p>" as Markup).html
    #expect(html.filter { $0 == "<" }.count == 2 && html.filter { $0 == ">" }.count == 2)
    #expect(html.filter { $0 == "\"" }.count == 2 && !html.contains("'"))
    #expect(!html.unicodeScalars.contains { $0.steersOutput })
  }
}
