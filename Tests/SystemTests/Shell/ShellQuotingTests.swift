import TestSupport
import Testing

@testable import Deployer

struct ShellQuotingTests {
  @Test(arguments: [
    ("", "''"), ("plain", "'plain'"), ("two words", "'two words'"), ("it's", #"'it'\''s'"#), ("'", #"''\'''"#),
    ("$HOME `id` \\ \"x\" !", "'$HOME `id` \\ \"x\" !'"), ("-n", "'-n'"), ("a\nb", "'a\nb'"),
  ])
  func `a word stands in single quotes`(text: String, quoted: String) {
    #expect(ShellQuoting.quoted(text) == quoted)
  }

  @Test(arguments: HostShell.allCases)
  func `every byte from 1 to 255 comes through a shell, alone and beside every other kind`(
    shell: HostShell
  ) async throws {
    let host = try LocalHost(shell)
    let alone = (UInt8(1)...255).map { [$0] }
    let mixed = (UInt8(1)...255).map { Array("'".utf8) + [$0, $0] + Array("'\\$\n".utf8) + [$0] }
    for values in [alone, mixed] {
      // The separator is a NUL, which no value can hold.
      let script = values.flatMap { Array("printf '%s\\0' ".utf8) + ShellQuoting.quoted($0) + Array("\n".utf8) }
      let result = try await host.feed(script)
      #expect(result.status == 0)
      let seen = result.standardOutput.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
      #expect(seen == values)
    }
  }

  @Test(arguments: HostShell.allCases)
  func `values arrive in the environment of the program that needs them, and in no other`(
    shell: HostShell
  ) async throws {
    let host = try LocalHost(shell)
    let everything = Array(UInt8(1)...255)
    let values: [(name: String, value: [UInt8])] = [
      ("TOKEN", everything), ("DASHES", Array("-e --leading".utf8)), ("EMPTY", []),
      ("LONG", [UInt8](repeating: 0x24, count: 120 << 10)),
    ]
    let reports = "with_environment sh -c 'env -0 >inside'\nenv -0 >outside"
    let text =
      host.script.values(environment: values, login: Array("{}".utf8)) + steps("cd \"$directory\"\n\(reports)")
    #expect(try await host.call(text) == [])
    let inside = environment(try host.directory.bytes(of: "stack/inside"))
    for (name, value) in values { #expect(inside[name] == value, "\(name)") }
    let outside = environment(try host.directory.bytes(of: "stack/outside"))
    for (name, _) in values { #expect(outside[name] == nil) }
  }

  private func environment(_ bytes: [UInt8]) -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for entry in bytes.split(separator: 0) {
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
      found[String(decoding: entry[..<equals], as: UTF8.self)] = Array(entry[(equals + 1)...])
    }
    return found
  }
}
