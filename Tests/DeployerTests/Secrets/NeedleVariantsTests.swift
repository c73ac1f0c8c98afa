import Platform
import TestSupport
import Testing

@testable import Deployer

/// The expected encodings come from Foundation, or were copied from what the programs print.
@Suite struct NeedleVariantsTests {
  private static let nasty = Array("-p'a\"s$HOME`id`\\w %41o rd;&|<ü#/+?\nline two is long".utf8)

  @Test(arguments: 0..<60)
  func `a value inside base64 is masked at every alignment`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let every = (1...255).map { UInt8($0) }
    let value = random.bytes(9...70, of: every.filter { $0 < 0x80 && $0 != 0x0A && $0 != 0x0D })
    let (before, after) = (random.bytes(0...9, of: every), random.bytes(0...9, of: every))
    let text = Data(before + value + after).base64EncodedString()
    let needles = NeedleSet([("A", Secret(value))])
    for form in [text, String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })] {
      let output = Redactor.redact(form, needles)
      // Characters that encode only the surrounding bytes stay; at most one on each side also encodes the value.
      let kept = (before.count * 8 + 5) / 6 + (form.count - (before.count + value.count) * 8 / 6)
      #expect(output.utf8.count == kept + "[REDACTED]".utf8.count, "\(form) -> \(output)")
      #expect(form.hasPrefix(output.prefix { $0 != "[" }))
    }
  }

  @Test func `wrapped base64 is masked line by line`() {
    let value = String(repeating: "0123456789 abcdef", count: 12)
    let needles = NeedleSet([("A", Secret(value))])
    for (width, options) in [(64, Data.Base64EncodingOptions.lineLength64Characters), (76, .lineLength76Characters)] {
      let text = Data(value.utf8).base64EncodedString(options: [options, .endLineWithLineFeed])
      let rows = Redactor.redact(text, needles).split(separator: "\n")
      #expect(rows.allSatisfy { $0.hasPrefix("[REDACTED]") && $0.utf8.count < 16 }, "\(width): \(rows)")
    }
  }

  @Test(arguments: [[], [.withoutEscapingSlashes]] as [JSONEncoder.OutputFormatting])
  func `a value in Foundation's JSON is masked completely`(formatting: JSONEncoder.OutputFormatting) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    let text = String(decoding: try encoder.encode(["v": String(decoding: Self.nasty, as: UTF8.self)]), as: UTF8.self)
    #expect(Redactor.redact(text, NeedleSet([("A", Secret(Self.nasty))])) == #"{"v":"[REDACTED]"}"#)
  }

  @Test(arguments: [
    ("verbatim", #"p'a"$x\ü&/ end"#), ("Go's JSON", #"p'a\"$x\\ü\u0026/ end"#),
    ("Python's JSON", #"p'a\"$x\\\u00fc&/ end"#), ("Go's %q", #"p'a\"$x\\ü&/ end"#),
    ("in single quotes", #"p'\''a"$x\ü&/ end"#), ("in single quotes, dash's trace", #"p'"'"'a"$x\ü&/ end"#),
    ("in double quotes", #"p'a\"\$x\\ü&/ end"#), ("bash's %q", #"p\'a\"\$x\\ü\&/\ end"#),
    ("$'...'", #"p\'a"$x\\ü&/ end"#),
    ("Compose", #"p'a"$$x\ü&/ end"#), ("Compose as JSON", #"p'a\"$$x\\ü\u0026/ end"#),
    ("percent-encoded", "p%27a%22%24x%5C%C3%BC%26%2F%20end"),
    ("percent-encoded, lowercase", "p%27a%22%24x%5c%c3%bc%26%2f%20end"),
    ("form", "p%27a%22%24x%5C%C3%BC%26%2F+end"), ("JavaScript", "p'a%22%24x%5C%C3%BC%26%2F%20end"),
    ("in a URL", "p%27a%22$x%5C%C3%BC&%2F%20end"),
  ])
  func `a value is masked however a program escapes it`(program: String, written: String) {
    let needles = NeedleSet([("A", Secret(#"p'a"$x\ü&/ end"#))])
    #expect(Redactor.redact("<\(written)>", needles) == "<[REDACTED]>", "\(program)")
  }

  /// What each program prints, by hand.
  @Test(arguments: [
    (#"Jackson and .NET"#, #"p\u0027a\u0022$x\\\u00FC\u0026/ end"#),
    ("Gson", #"p\u0027a\"$x\\ü\u0026/ end"#), ("JSON in JSON", #"p'a\\\"$x\\\\ü&/ end"#),
    ("Go's JSON in JSON", #"p'a\\\"$x\\\\ü\\u0026/ end"#), ("%q of JSON in JSON", #"p'a\\\\\\\"$x\\\\\\\\ü&/ end"#),
    ("SQL", #"p''a"$x\ü&/ end"#), ("CSV", #"p'a""$x\ü&/ end"#), ("HTML", #"p&#39;a&quot;$x\ü&amp;/ end"#),
    ("HTML's names", #"p&apos;a&quot;&dollar;x&bsol;&uuml;&amp;&sol; end"#),
    ("HTML twice", #"p&amp;#39;a&amp;quot;$x\ü&amp;amp;/ end"#),
    ("HTML in JSON", #"p\u0026#39;a\u0026quot;$x\\ü\u0026amp;/ end"#),
    ("a URL that keeps slashes", "p%27a%22%24x%5C%C3%BC%26/%20end"),
    ("a URL twice", "p%2527a%2522%2524x%255C%25C3%25BC%2526%252F%2520end"),
    ("a URL of Latin-1", "p%27a%22%24x%5C%FC%26%2F%20end"), ("JavaScript's escape", "p%27a%22%24x%5C%u00FC%26/%20end"),
    ("Python's repr of bytes", #"p'a"$x\\\xc3\xbc&/ end"#), ("in octal", #"p\047a\042$x\134\303\274&/ end"#),
    ("upper case", #"P'A"$X\Ü&/ END"#), ("lower case in JSON", #"p'a\"$x\\ü&/ end"#), ("slashes", #"p'a"$x/ü&/ end"#),
    ("UTF-8 taken for Latin-1", #"p'a"$x\Ã¼&/ end"#), ("that in JSON", #"p'a\"$x\\\u00c3\u00bc&/ end"#),
  ])
  func `a value is masked however escapes are mixed and put into each other`(program: String, written: String) {
    let needles = NeedleSet([("A", Secret(#"p'a"$x\ü&/ end"#))])
    #expect(Redactor.redact("<\(written)>", needles) == "<[REDACTED]>", "\(program)")
  }

  @Test func `a value of UTF-8 is masked where it is written in Latin-1`() throws {
    let value = "grüße aus Köln"
    let text = Array("<".utf8) + (try #require(Writings.latin1(value))) + Array(">".utf8)
    var redactor = Redactor(NeedleSet([("A", Secret(value))]))
    #expect(redactor.push(text) + redactor.finish() == Array("<[REDACTED]>".utf8))
  }

  @Test(arguments: Writings.escaping.indices)
  func `whatever one program writes, and another one writes of that, is masked and nothing else`(first: Int) {
    let values = [
      Self.text, "a+b/c=d 'e' \"f\" $g %h \\i <j> & ü", "Tr0ub4dor&3'\\n\u{1F511}漢", #"\\host\share\%41\u0041"#,
    ]
    let changes = Writings.changing
    for (number, value) in values.enumerated() {
      let needles = NeedleSet([("A", Secret(value))])
      // Each pair of programs with one of the values, or with all of them in `make thorough`.
      for (index, second) in Writings.escaping.enumerated() where isThorough || (index + first) % values.count == number
      {
        let change = changes[(number + index + first) % changes.count]
        let text = second.write(Writings.escaping[first].write(change.write(value)))
        let output = Redactor.redact("<\(text)>", needles)
        #expect(output == "<[REDACTED]>", "\(change.name), \(Writings.escaping[first].name), \(second.name): \(text)")
      }
    }
  }

  private static let text = String(decoding: nasty, as: UTF8.self)

  @Test func `JSON in JSON in JSON is read, and no deeper`() {
    let needles = NeedleSet([("A", Secret("a \"quoted\" value"))])
    let json = Writings.escaping[0].write
    let three = json(json(json("a \"quoted\" value")))
    #expect(Redactor.redact("<\(three)>", needles) == "<[REDACTED]>")
    #expect(Redactor.redact("<\(json(three))>", needles) != "<[REDACTED]>")
  }

  @Test(arguments: [
    #"a\u0020b%20c&amp;d''e""f$$g+h\n\\x\x41"#, "%", "\\", "&#", "''", "&quot", #"\u00"#, "%u00",
    "C:\\new\\table\\users",
    "100%% of 50%", "?a=1&b=2&copy=3", "it''s \"\"",
  ])
  func `escapes that do not spell a value stay as they are`(text: String) {
    let needles = NeedleSet([("A", Secret(Self.nasty)), ("B", Secret("another value")), ("C", Secret("x7Rk2"))])
    #expect(Redactor.redact(text, needles) == text)
    #expect(Redactor.redact("\(text)another value\(text)", needles) == "\(text)[REDACTED]\(text)")
  }

  @Test func `a short value is only masked as it is, or where its escaped form is long`() {
    let needles = NeedleSet([("A", Secret("a\"b c"))])
    #expect(
      Redactor.redact(#"<a"b c> <a\"b c> <A"B C> <a\u0022b c>"#, needles)
        == #"<[REDACTED]> <a\"b c> <A"B C> <[REDACTED]>"#)
  }

  @Test(arguments: ["\n", "\r\n"])
  func `a multi-line value is masked as a whole, with any line endings, and line by line`(end: String) {
    let lines = ["-----BEGIN KEY-----", "  MIIEowIBAAKCAQEA", "short", "", "-----END KEY-----"]
    let needles = NeedleSet([("A", Secret(lines.joined(separator: end)))])
    #expect(Redactor.redact("<\(lines.joined(separator: "\n"))>", needles) == "<[REDACTED]>")
    #expect(Redactor.redact("<\(lines.joined(separator: "\r\n"))>", needles) == "<[REDACTED]>")
    #expect(Redactor.redact("x \(lines[0]) y MIIEowIBAAKCAQEA z", needles) == "x [REDACTED] y [REDACTED] z")
    #expect(Redactor.redact("a short line", needles) == "a short line")
  }

  @Test func `a value with surrounding whitespace is also masked without it`() {
    let needles = NeedleSet([("A", Secret("  the value \n"))])
    #expect(Redactor.redact("<the value>", needles) == "<[REDACTED]>")
  }

  @Test func `each login in Docker's configuration is masked`() {
    let tokens = ["ghp_0123456789abcdef", "glpat-fedcba9876543210"]
    let logins = tokens.map { RegistryLogin(server: "r", username: "kpiteira", token: Secret($0)) }
    let needles = NeedleSet(logins.map { ("T", $0.token) }, logins: logins)
    for token in tokens {
      let login = Data("kpiteira:\(token)".utf8).base64EncodedString()
      #expect(Redactor.redact(#"{"auth": "\#(login)"}"#, needles) == #"{"auth": "[REDACTED]"}"#)
    }
  }

  @Test func `a value too short to redact is reported by name`() {
    let needles = NeedleSet([("PIN", Secret("123")), ("LONG", Secret("1234"))])
    #expect(needles.tooShort == ["PIN"])
    #expect(Redactor.redact("123 1234", needles) == "123 [REDACTED]")
  }

  @Test func `every form is long enough not to match by chance`() {
    let forms = NeedleForms([Secret(Self.nasty), Secret("a b c"), Secret("\n\n\n\nx")])
    #expect(forms.plain.allSatisfy { $0.count >= 8 })
    #expect(forms.wholeWords.allSatisfy { (4...7).contains($0.count) })
  }
}
