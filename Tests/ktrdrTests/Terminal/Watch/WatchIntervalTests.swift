import TestSupport
import Testing

@testable import ktrdr

struct WatchIntervalTests {
  @Test(
    arguments: [
      (["status", "--watch"], ["status", "--watch=5"]), (["ps", "--watch"], ["ps", "--watch=5"]),
      (["status", "--watch", "10"], ["status", "--watch", "10"]),
      (["status", "core", "--watch"], ["status", "core", "--watch=5"]),
      (["status", "--watch", "core", "10"], ["status", "--watch=5", "core", "10"]),
      (["status", "--watch", "workers", "B"], ["status", "--watch=5", "workers", "B"]),
      (["status", "--watch", "--wide"], ["status", "--watch=5", "--wide"]),
      (["status", "--watch", "10s"], ["status", "--watch=5", "10s"]),
      (["status", "--watch", ""], ["status", "--watch=5", ""]),
      (["status", "--watch=7", "core"], ["status", "--watch=7", "core"]),
      (["status", "--watch", "--", "10"], ["status", "--watch=5", "--", "10"]),
      (["status", "--", "--watch"], ["status", "--", "--watch"]),
      (["history", "--watch"], ["history", "--watch"]),
    ] as [([String], [String])])
  func `a number after --watch is the seconds, any other word is not`(typed: [String], parsed: [String]) {
    #expect(FirstWords.expanded(typed) == parsed)
  }

  @Test(arguments: [("1", 1), ("30", 30), ("86400", 86_400)])
  func `the seconds are a whole number`(text: String, seconds: Int) throws {
    #expect(try WatchInterval(text).seconds == seconds)
  }

  @Test(arguments: ["0", "86401", "99999999999999999999", "", "-1", "+1", "1.5", "10s", "٣"])
  func `other seconds are refused`(text: String) {
    #expect(throws: (any Error).self) { try WatchInterval(text) }
  }

  @Test(
    arguments: [
      (["status", "--watch"], "ktrdr: --watch needs a terminal that can redraw\n  next: run 'ktrdr status' "),
      (["status", "shop", "--watch", "10"], "ktrdr: --watch needs a terminal"),
      (["status", "--watch", "--json"], "Error: --watch and --json cannot be combined\n"),
      (["status", "--watch", "--format", "json"], "Error: --watch and --format json cannot be combined\n"),
      (["status", "--watch", "0"], "Error: The value '0' is invalid for '--watch <seconds>': must be between 1 and"),
      (["status", "--interval", "3"], "Error: Unknown option '--interval'. Did you mean '--watch'?\n"),
    ] as [([String], String)])
  func `64: where nothing can be redrawn, or the words do not fit`(words: [String], message: String) async throws {
    let person = try Person(standIns: ["ssh"])
    try person.home.write("targets: {shop: {host: shop.invalid, directory: /srv/shop}}", to: "ktrdr.yml")
    let result = try await person.ktrdr(words: words)
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.error.hasPrefix(message), "\(result.error)")
    #expect(person.asked.isEmpty)
  }
}
