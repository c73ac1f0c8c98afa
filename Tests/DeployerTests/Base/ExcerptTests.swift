import Testing

@testable import Deployer

struct ExcerptTests {
  @Test func `of a long line the end is kept, where the cause stands`() {
    let line =
      "driver failed programming external connectivity on endpoint \(String(repeating: "x", count: 300)) "
      + "Bind for 127.0.0.1:28099 failed: port is already allocated"
    #expect(line.excerpt.hasPrefix("driver failed programming"))
    #expect(line.excerpt.hasSuffix("failed: port is already allocated"))
    #expect(line.excerpt.count == 263)
    #expect("short".excerpt == "short")
  }
}
