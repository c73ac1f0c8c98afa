import Platform
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
