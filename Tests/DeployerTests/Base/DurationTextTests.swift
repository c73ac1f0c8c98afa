import Deployer
import Testing

struct DurationTextTests {
  @Test(arguments: [("90s", 90), ("2m", 120), ("1m30s", 90), ("1h", 3600), ("59m60s", 3600), ("1s", 1)])
  func `a duration is whole numbers with units, larger units first`(text: String, seconds: Int) throws {
    #expect(try Duration(text: text) == .seconds(seconds))
  }

  @Test(arguments: [
    "", "2", "m", "2 m", "30s1m", "1m1m", "-1m", "1.5m", "2min", "2M", "٣s", "1234567s", "9999999999999h",
  ])
  func `anything else is an invalid duration`(text: String) {
    let error = #expect(throws: InvalidDuration.self) { try Duration(text: text) }
    #expect(error?.oneLine == "invalid duration '\(text)': use a value like 90s or 2m")
  }

  @Test(arguments: ["0s", "0m0s", "61m", "1h1s", "999999h"])
  func `zero and more than an hour are rejected`(text: String) {
    let error = #expect(throws: InvalidDuration.self) { try Duration(text: text) }
    #expect(error?.what.hasSuffix(": must be between 1s and 1h") == true)
  }

  @Test func `a wait that may be left out can be zero`() throws {
    #expect(try Duration(text: "0s", from: 0) == .zero)
    let error = #expect(throws: InvalidDuration.self) { try Duration(text: "61m", from: 0) }
    #expect(error?.what == "invalid duration '61m': must be between 0s and 1h")
  }

  @Test(arguments: ["1s", "90s", "2m", "1m1s", "1h", "59m59s"])
  func `a duration's text parses to the same duration`(text: String) throws {
    let duration = try Duration(text: text)
    #expect(try Duration(text: duration.text) == duration)
  }

  @Test func `a duration's text has only the units it needs`() {
    #expect(Duration.seconds(90).text == "1m30s")
    #expect(Duration.seconds(120).text == "2m")
    #expect(Duration.zero.text == "0s")
  }
}
