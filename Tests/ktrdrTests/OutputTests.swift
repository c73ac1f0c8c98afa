import Platform
import Testing

@testable import ktrdr

@Suite struct OutputTests {
  @Test func `control characters in untrusted text do not reach the terminal`() {
    #expect(Console.line("a\u{1B}[31mred\u{7}\tb\n") == #"a\u{1b}[31mred\u{7}"# + "\tb" + #"\u{a}"#)
    #expect(
      Console.line("\u{1B}]0;title\u{7}\u{9B}2J\u{202E}abc\u{200F}\u{2028}\r")
        == #"\u{1b}]0;title\u{7}\u{9b}2J\u{202e}abc\u{200f}\u{2028}\u{d}"#)
  }

  @Test func `a table's columns are as wide as their widest cell`() {
    let table = Table(header: ["ID", "TAG"], rows: [["1", "sha-a1b2c3d"], ["1000", "x"]])
    #expect(table.lines(width: nil, in: Appearance(now: Date())) == ["ID    TAG", "1     sha-a1b2c3d", "1000  x"])
  }

  @Test func `JSON has the very text, and no character of it steers a terminal`() throws {
    let text = "\u{0}\n\r\t\u{1B}[2J\u{7F}\u{9B}\u{200F}\u{2028}\u{202E}\u{E0041}ü🔑"
    let json = try JSONText.of([text])
    #expect(json.unicodeScalars.allSatisfy { !$0.steersOutput || $0 == "\n" }, "\(json)")
    #expect(json.contains("ü🔑"))
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [text])
  }

  @Test func `a message of several lines never passes for a detail or another program's line`() {
    #expect(
      ErrorText.lines("git failed: x\r\n  next: rm -rf /\n\ny", next: "z") == [
        "git failed: x", "next: rm -rf /", "y", "  next: z",
      ])
  }

  @Test func `in JSON an absent value is null, and names are snake_case`() throws {
    struct Record: Encodable {
      let gitSha: Nullable<String>
      let durationMs: Nullable<Int64>
    }
    let text = try JSONText.of(Record(gitSha: Nullable(nil), durationMs: Nullable(5)))
    #expect(text.contains("\"git_sha\" : null"))
    #expect(text.contains("\"duration_ms\" : 5"))
  }

  @Test(arguments: [
    ("2026-11-01", false, "2026-11-01T00:00:00.000Z"), ("2026-11-01", true, "2026-11-01T23:59:59.999Z"),
    ("2026-11-01T14:30:00Z", false, "2026-11-01T14:30:00.000Z"),
    ("2026-11-01T14:30:00.250Z", true, "2026-11-01T14:30:00.250Z"), ("90m", false, "2026-11-24T10:30:00.000Z"),
    ("7d", false, "2026-11-17T12:00:00.000Z"), ("yesterday", false, "2026-11-23T00:00:00.000Z"),
    ("yesterday", true, "2026-11-23T23:59:59.999Z"), ("today", false, "2026-11-24T00:00:00.000Z"),
    ("2026-11-01 14:30:05Z", false, "2026-11-01T14:30:05.000Z"),
    ("2026-11-01T14:30Z", true, "2026-11-01T14:30:00.000Z"),
    ("2026-11-01 14:30:05+01:00", false, "2026-11-01T13:30:05.000Z"),
  ])
  func `a time is parsed as people type it`(text: String, endOfDay: Bool, expected: String) throws {
    let now = try Date("2026-11-24T12:00:00Z", strategy: .iso8601)
    #expect(try TimeArgument.parse(text, endOfDay: endOfDay, now: now).rfc3339 == expected)
  }

  @Test(arguments: ["", "tomorrow", "2026-13-01", "2026-02-31", "2026-02-31T07:20Z", "2026-11-01T25:00Z", "-3d", "12"])
  func `an invalid time is rejected`(text: String) {
    #expect(throws: (any Error).self) { try TimeArgument.parse(text, endOfDay: false) }
  }

  @Test(arguments: [
    ("07:20", "'07:20' lacks the day and the time zone: write it like 2026-11-01T14:30Z"),
    ("07:20Z", "'07:20Z' lacks the day: "), ("2026-11-28 07:20:01", "lacks the time zone: "),
  ])
  func `a time that could be one of several is not guessed`(text: String, reason: String) throws {
    #expect {
      try TimeArgument.parse(text, endOfDay: false)
    } throws: { error in
      "\(error)".contains(reason)
    }
  }

  @Test(arguments: [TimeStyle.utc, .local])
  func `a time that is shown is also taken`(style: TimeStyle) throws {
    let date = try Date("2026-11-24T12:00:05Z", strategy: .iso8601)
    var appearance = Appearance(now: date)
    appearance.times = style
    appearance.utcOffset = { _ in -12_600 }
    for text in [TimeText.of(date, in: appearance), TimeText.exact(date, in: appearance)] {
      #expect(try TimeArgument.parse(text, endOfDay: false) == date, "\(text)")
    }
  }
}
