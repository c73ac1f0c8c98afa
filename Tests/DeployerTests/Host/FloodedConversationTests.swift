import Platform
import TestSupport
import Testing

@testable import Deployer

@Suite struct FloodedConversationTests {
  private static let mebibytes = 256

  @Test func `a program that writes without end has to wait for whoever reads it`() async throws {
    let directory = try TestDirectory()
    let progress = "\(directory.path)/progress"
    // A dot for each mebibyte that somebody has taken from it.
    let script = """
      i=0; while [ $i -lt \(Self.mebibytes) ]; do head -c 1M /dev/zero; printf . >>"$1"; i=$((i + 1)); done
      """
    let command = Command(
      "/bin/sh", ["-c", script, "sh", progress], environment: ["PATH": "/usr/bin:/bin"])
    let ((most, total), end) = try await Conversations.run(command) { conversation in
      let output = conversation.output
      var total = await output.next()?.count ?? 0
      // Long enough to write all of it into memory.
      try? await Task.sleep(for: .seconds(2))
      var most = Self.size(of: progress) - total
      var pieces = 0
      while let piece = await output.next() {
        total += piece.count
        pieces += 1
        if pieces % 256 == 0 { most = max(most, Self.size(of: progress) - total) }
      }
      return (most, total)
    }
    #expect(end.status == 0)
    #expect(total == Self.mebibytes << 20)
    // What has been written and not read is in this process's memory. The memory itself would be that of every test beside this one.
    #expect(most < 8 << 20, "\(most) bytes")
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

  /// The bytes that the dots in a file stand for.
  private static func size(of file: String) -> Int {
    ((try? Data(contentsOf: URL(filePath: file)))?.count ?? 0) << 20
  }
}
