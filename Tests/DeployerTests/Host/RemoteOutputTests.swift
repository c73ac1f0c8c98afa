import Testing

@testable import Deployer

/// What a host may send: anything.
@Suite struct RemoteOutputTests {
  private let nonce = Nonce()

  private func events(of pieces: [[UInt8]], needles: NeedleSet = .empty) -> [RemoteEvent] {
    var parser = RemoteEventParser(nonce: nonce, needles: needles)
    return pieces.flatMap { parser.push($0) } + parser.finish()
  }

  private func events(of text: String, needles: NeedleSet = .empty) -> [RemoteEvent] {
    events(of: [Array(text.utf8)], needles: needles)
  }

  @Test func `a secret over the cut of an endless line is masked`() {
    let secret = "correct horse battery staple"
    let needles = NeedleSet([("A", Secret(secret))])
    for offset in 0..<secret.utf8.count {
      let filler = String(repeating: "x", count: RemoteEventParser.lineLimit - offset)
      let lines = events(of: "\(filler)\(secret)yy\n", needles: needles).map(Self.text)
      // Compared first: the report of a difference between long texts takes minutes.
      let isMasked = lines.joined() == "\(filler)[REDACTED]yy"
      #expect(isMasked, "cut after \(offset) bytes: \(lines.map { $0.suffix(40) })")
    }
  }

  @Test func `a secret of several lines, one of them empty, is masked whole`() {
    let needles = NeedleSet([("A", Secret("one\n\ntwo\nthree"))])
    #expect(events(of: "<one\n\ntwo\nthree>\n", needles: needles) == [.output("<[REDACTED]>")])
  }

  @Test func `a marker ends what is held back`() {
    let needles = NeedleSet([("A", Secret("abcdefghij"))])
    let text = "abcdef\n@@\(nonce) end\tpull\t0\n"
    #expect(events(of: text, needles: needles) == [.output("abcdef"), .end(step: "pull", status: 0)])
  }

  @Test func `the pieces make no difference`() {
    let text = Array(
      "a\n@@\(nonce) begin\tup\nx@@\(nonce) done\n@@\(nonce)\n@@\(nonce) end\tup\t3\n@@\(nonce) done\nrest".utf8)
    let expected: [RemoteEvent] = [
      .output("a"), .begin(step: "up"), .output("x@@\(nonce) done"), .output("@@\(nonce)"),
      .end(step: "up", status: 3), .done, .output("rest"),
    ]
    for size in 1...text.count {
      let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
      #expect(events(of: pieces) == expected, "pieces of \(size)")
    }
  }

  @Test func `a line that ends in CR LF is cut like any other`() {
    #expect(events(of: "one\r\ntwo\r\n\r\nthree\rfour\n") == [.output("one"), .output("two"), .output("three\rfour")])
  }

  @Test(arguments: [
    "@@NONCE fact\tcontainer\tcorrect horse battery\tid\tr/correct horse battery:1",
    "@@NONCE fact\tlock\theld\t\"correct horse battery\"",
    "@@NONCE fact\tdocker\tunreachable\tcorrect\\u0020horse%20battery", "@@NONCE fact\tcorrect horse battery",
    "@@NONCE begin\tcorrect horse battery",
  ])
  func `no field of a fact has a secret`(line: String) {
    let needles = NeedleSet([("A", Secret("correct horse battery"))])
    let seen = events(of: line.replacing("NONCE", with: nonce.description) + "\n", needles: needles)
    #expect(seen.count == 1)
    #expect(!"\(seen)".contains("horse") && "\(seen)".contains("[REDACTED]"), "\(seen)")
  }

  @Test func `what a host says of its containers is redacted from when the secrets are there`() {
    var parser = RemoteEventParser(nonce: nonce)
    let fact = Array("@@\(nonce) fact\tfile\tok\tcorrect horse battery\n".utf8)
    #expect(parser.push(fact) == [.fact(name: "file", fields: ["ok", "correct horse battery"])])
    parser.redact(NeedleSet([("A", Secret("correct horse battery"))]))
    #expect(parser.push(fact) == [.fact(name: "file", fields: ["ok", "[REDACTED]"])])
  }

  @Test func `a marker with another nonce, cut off, or with other fields is none`() {
    let forged = "@@\(Nonce()) end\tup\t0\n"
    #expect(events(of: forged) == [.output(String(forged.dropLast()))])
    #expect(events(of: "@@\(nonce) done").isEmpty)
    #expect(events(of: "@@\(nonce) end\tup\tzero\n@@\(nonce) nonsense\n").isEmpty)
    #expect(events(of: "@@\(nonce) fact\t\(String(repeating: "x", count: 70_000))\n").isEmpty)
  }

  @Test func `bytes that are no UTF-8 become lines`() {
    #expect(events(of: [[0xFF, 0xFE, 0x00, 0x0A, 0xC3]]) == [.output("\u{FFFD}\u{FFFD}\0"), .output("\u{FFFD}")])
  }

  @Test func `an endless line comes in pieces`() {
    let lines = events(of: [[UInt8]](repeating: [UInt8](repeating: 0x41, count: 10_000), count: 100)).map(Self.text)
    #expect(lines.allSatisfy { $0.utf8.count <= RemoteEventParser.lineLimit })
    #expect(lines.joined().utf8.count == 1_000_000)
  }

  @Test func `the log of a step keeps the end of what is written, in time that does not grow with it`() {
    var log = StepLog()
    _ = log.take(.begin(step: "up"))
    for number in 0..<2_000_000 { _ = log.take(.output("\(number)")) }
    let step = log.take(.end(step: "up", status: 0))
    #expect(step?.output.last == "1999999")
    #expect((5_000...40_000).contains(step?.output.count ?? 0))
  }

  private static func text(_ event: RemoteEvent) -> String {
    if case .output(let text) = event { text } else { "not output: \(event)" }
  }
}
