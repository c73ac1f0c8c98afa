@testable import Deployer
import TestSupport
import Testing

struct HostileYAMLTests {
  @Test func `an alias bomb is rejected without expanding it, with line numbers`() {
    var lines = ["a0: &a0 [x, x]"]
    lines += (1...40).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
    lines.append("? *a40\n: x")
    let found = problems(in: lines.joined(separator: "\n"))
    #expect(found.contains { $0.line == 42 && $0.what.contains("aliases") })
    #expect(found.filter { $0.what.contains("aliases") }.count == 41 + 40 * 9 + 1)
  }

  @Test func `a merge key is rejected`() {
    let found = problems(in: "targets:\n  a: &a {host: h, directory: /d}\n  b:\n    <<: *a\n")
    #expect(found.contains { $0.line == 2 && $0.what.contains("anchors") })
    #expect(found.contains { $0.line == 4 && $0.what.contains("unknown key '<<'") })
  }

  @Test func `an unknown alias is rejected and not resolved`() {
    #expect(problems(in: "targets: *nowhere").map(\.what).contains { $0.contains("anchors and aliases") })
  }

  @Test(arguments: ["targets: !!map {}", "targets: {core: {host: !!str h, directory: /d}}", "targets: !x [a]"])
  func `a tag is rejected`(yaml: String) {
    #expect(problems(in: yaml).contains { $0.line == 1 && $0.what.contains("tags") })
  }

  @Test(arguments: [31, 32, 900, 100_000], ["[", "{a: ", "- ", "? "])
  func `deep nesting is an error, not a crash`(depth: Int, opening: String) {
    #expect(!problems(in: String(repeating: opening, count: depth)).isEmpty)
  }

  @Test func `nesting beyond the limit is reported with its line`() {
    let yaml = "a: 1\nb: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(problems(in: yaml).contains { $0.line == 2 && $0.what.contains("nested more than 32 levels") })
  }

  @Test func `a byte order mark is skipped`() {
    #expect(problems(in: "\u{FEFF}" + InventoryDocument.example) == [])
    #expect(YAMLComposer.compose("\u{FEFF}a: 1").document == YAMLComposer.compose("a: 1").document)
  }

  @Test func `a tab in the indentation is reported as a tab`() {
    let found = problems(in: "targets:\n  core:\n\thost: h\n")
    #expect(found.map(\.line) == [3])
    #expect(found.map(\.what) == ["tab in the indentation"])
  }

  @Test(arguments: [
    ("targets: [a\nb: c", 2), ("a: 'x", 1), ("a: b: c", 1), ("a: 1\n b: 2", 2), ("a: \"\\q\"", 1),
    ("a: \"\\uD800\"", 1),
    ("%YAML 9.9\n---\na", 1), ("}", 1), ("a: 1\n\0", 2), ("a: 1\nb: \u{7}", 2), ("a: @x", 1),
  ])
  func `invalid YAML is reported with its line`(yaml: String, line: Int) {
    let found = problems(in: yaml)
    #expect(found.last?.line == line, "\(found)")
  }

  @Test func `a second document is rejected`() {
    let found = problems(in: "targets: {a: {host: h, directory: /d}}\n---\nx: 1\n")
    #expect(found.map(\.what) == ["a second document starts here"])
    #expect(found.map(\.line) == [2])
  }

  @Test func `text over 1 MiB is rejected without parsing it`() {
    let yaml = "targets: {a: {host: h, directory: /d}}\n" + String(repeating: "#", count: Inventory.maximumBytes)
    #expect(problems(in: yaml).map(\.what) == ["larger than 1 MiB"])
  }

  @Test func `20,000 broken targets are reported in bounded time`() {
    let yaml = "targets:\n" + (0..<20_000).map { "  T\($0): {}" }.joined(separator: "\n")
    let clock = ContinuousClock()
    var count = 0
    let time = clock.measure { count = problems(in: yaml).count }
    #expect(count == 60_000)
    #expect(time < .seconds(30))
  }

  @Test func `control characters in the file are escaped in the message`() {
    let error = #expect(throws: InventoryErrors.self) {
      try Inventory.parse("\"\\e[31m\\n\": 1\ntargets: {\"\\e]0;x\": {}}", origin: .file(path: "f"))
    }
    let isClean = error?.what.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" }
    #expect(isClean == true)
    #expect(error?.what.split(separator: "\n").allSatisfy { $0.hasPrefix("f:") } == true)
  }

  @Test func `truncated and corrupted examples never crash the parser`() {
    let bytes = Array(InventoryDocument.example.utf8)
    var rejected = 0
    for index in stride(from: 0, to: bytes.count, by: isThorough ? 1 : 7) {
      for variant in [Array(bytes[..<index]), bytes[..<index] + [bytes[index] ^ 0x15] + bytes[(index + 1)...]] {
        rejected += problems(in: String(decoding: variant, as: UTF8.self)).isEmpty ? 0 : 1
      }
    }
    #expect(rejected > 0)
  }
}
