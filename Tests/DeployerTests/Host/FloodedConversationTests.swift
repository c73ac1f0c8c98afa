import Platform
import TestSupport
import Testing

@testable import Deployer

@Suite struct FloodedConversationTests {
  private static let flood = 256 << 20

  @Test func `a program that writes without end has to wait for whoever reads it`() async throws {
    let directory = try TestDirectory()
    let command = Command(
      "/bin/sh", ["-c", "head -c \(Self.flood) /dev/zero; touch \"$1\"", "sh", "\(directory.path)/mark"],
      environment: ["PATH": "/usr/bin:/bin"])
    let before = Self.resident()
    let ((waited, most, total), end) = try await Conversations.run(command) { conversation in
      let output = conversation.output
      var total = await output.next()?.count ?? 0
      // Long enough to write all of it into memory.
      try? await Task.sleep(for: .seconds(2))
      let waited = !directory.exists("mark")
      var most = Self.resident()
      var pieces = 0
      while let piece = await output.next() {
        total += piece.count
        pieces += 1
        if pieces % 256 == 0 { most = max(most, Self.resident()) }
      }
      return (waited, most, total)
    }
    #expect(end.status == 0)
    #expect(total == Self.flood)
    #expect(waited)
    // Other tests run beside this one and take some; the whole flood would be more.
    #expect(most - before < Self.flood / 2, "\((most - before) >> 20) MiB more")
  }

  @Test func `what nobody reads any more is thrown away, and the program can end`() async throws {
    let command = Command("/bin/sh", ["-c", "head -c 50M /dev/zero; exit 7"], environment: ["PATH": "/usr/bin:/bin"])
    let (first, end) = try await Conversations.run(command, exitLimit: .seconds(120)) { conversation -> Int in
      return await conversation.output.next()?.count ?? 0
    }
    #expect(first > 0)
    #expect(end.status == 7)
  }

  @Test func `of a flood of errors the end is kept, from the beginning of a line`() async throws {
    let flood = "yes 'a line of an error' | head -c 3M >&2; echo the last >&2"
    let command = Command("/bin/sh", ["-c", flood], environment: ["PATH": "/usr/bin:/bin"])
    let (_, end) = try await Conversations.run(command) { _ in () }
    let text = String(decoding: end.errorTail, as: UTF8.self)
    #expect(end.errorTail.count <= 64 << 10)
    #expect(text.hasPrefix("a line of an error\n"))
    #expect(text.hasSuffix("the last\n"))
  }

  /// How much of this process is in memory now, in bytes.
  private static func resident() -> Int {
    let text = (try? Data(contentsOf: URL(filePath: "/proc/self/statm"))) ?? Data()
    let pages = String(decoding: text, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (pages ?? 0) * 4096
  }
}
