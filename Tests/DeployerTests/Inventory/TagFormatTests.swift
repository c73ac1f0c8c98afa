import Testing

@testable import Deployer

struct TagFormatTests {
  @Test(arguments: [
    ("sha-{sha:7}", [TagFormat.Part.text("sha-"), .sha(length: 7)]), ("{tag}", [.tag]), ("{sha}", [.sha(length: 40)]),
    ("{branch}-{sha:12}.x", [.branch, .text("-"), .sha(length: 12), .text(".x")]),
  ])
  func `text and placeholders are told apart`(text: String, parts: [TagFormat.Part]) throws {
    let format = try TagFormat(text)
    #expect(format.parts == parts)
    #expect(format.text == text)
  }

  @Test(arguments: [
    ("latest", "every version would have the same tag"), ("", "every version would have the same tag"),
    ("{sha", "'{' is not closed"), ("{date}", "unknown placeholder '{date}'"), ("{sha:3}", "between 4 and 40"),
    ("{sha:41}", "between 4 and 40"), ("{sha:x}", "between 4 and 40"), ("a/{sha}", "must not contain '/'"),
    ("{sha}}", "must not contain '}'"), ("v {tag}", "must not contain ' '"),
  ])
  func `what is no format is refused with the reason`(text: String, reason: String) throws {
    let error = #expect(throws: InvalidTagFormat.self) { try TagFormat(text) }
    #expect(error?.what.contains(reason) == true, "\(error?.what ?? "")")
  }

  @Test func `the standard is the format that its text says`() throws {
    #expect(try TagFormat(TagFormat.standard.text) == .standard)
  }
}
