import Testing

@testable import Deployer

struct RemoteEventParserTests {
  private let nonce = Nonce()

  private func events(_ text: String) -> [RemoteEvent] {
    var parser = RemoteEventParser(nonce: nonce)
    return parser.push(Array(text.utf8)) + parser.finish()
  }

  @Test(arguments: [
    ("begin\tpull", RemoteEvent.begin(step: "pull")), ("end\tpull\t0", .end(step: "pull", status: 0)),
    ("end\tup\t255", .end(step: "up", status: 255)), ("done", .done),
    ("fact\tflock\tyes", .fact(name: "flock", fields: ["yes"])),
    ("fact\tfile\tok\ta b.yml", .fact(name: "file", fields: ["ok", "a b.yml"])),
    ("fact\tcontainer\tdb\t\t", .fact(name: "container", fields: ["db", "", ""])),
    ("fact\tservices", .fact(name: "services", fields: [])),
  ])
  func `a marker line is an event`(line: String, event: RemoteEvent) {
    #expect(events("@@\(nonce) \(line)\n") == [event])
  }

  @Test(arguments: ["begin", "end\tup", "end\tup\tzero", "end\tup\t0\t1", "done\tnow", "fact", "hello", ""])
  func `a marker that says nothing known is no event and no output`(line: String) {
    #expect(events("@@\(nonce) \(line)\n") == [])
  }

  @Test func `a line with another nonce, or with text before the marker, is output`() {
    let other = "@@\(Nonce()) end\tup\t0"
    let late = "x@@\(nonce) end\tup\t0"
    #expect(events("\(other)\n\(late)\n") == [.output(other), .output(late)])
  }

  @Test func `a marker that is cut before its newline is none`() {
    #expect(events("text\n@@\(nonce) end\tup\t0") == [.output("text")])
  }

  @Test func `the last line of output counts without its newline, an empty one never`() {
    #expect(events("one\n\n\ntwo") == [.output("one"), .output("two")])
  }

  @Test func `pieces may be cut anywhere, within a character too`() {
    let text = Array("ünïcödé\n@@\(nonce) begin\tup\nmore\n@@\(nonce) end\tup\t1\n".utf8)
    for cut in 0...text.count {
      var parser = RemoteEventParser(nonce: nonce)
      let seen = parser.push(Array(text[..<cut])) + parser.push(Array(text[cut...])) + parser.finish()
      #expect(seen == [.output("ünïcödé"), .begin(step: "up"), .output("more"), .end(step: "up", status: 1)])
    }
  }

  @Test func `a line without an end comes in pieces and does not fill the memory`() {
    let line = String(repeating: "x", count: RemoteEventParser.lineLimit)
    #expect(events(line + line + "y\n") == [.output(line), .output(line), .output("y")])
  }

  @Test func `two connections never share a nonce`() {
    let many = Set((0..<1000).map { _ in Nonce() })
    #expect(many.count == 1000)
    #expect(many.allSatisfy { $0.description.utf8.count == 32 && $0.description.allSatisfy(\.isHexDigit) })
  }
}
