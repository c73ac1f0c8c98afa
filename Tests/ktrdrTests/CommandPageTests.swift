import Platform
import TestSupport
import Testing

struct CommandPageTests {
  @Test func `docs/commands.md is what the commands say of themselves`() async throws {
    let checkout = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    let help = try await Person().ktrdr("--experimental-dump-help")
    let directory = try TestDirectory()
    try directory.write(help.output, to: "help.json")
    let page = try await Programs.run(
      "/bin/sh", ["-c", "python3 -B '\(checkout)/scripts/command-reference' <help.json"], environment: plainEnvironment,
      in: directory.path)
    #expect(page.status == 0, "\(page.error)")
    let written = String(decoding: try Data(contentsOf: URL(filePath: "\(checkout)/docs/commands.md")), as: UTF8.self)
    #expect(page.output == written, "make commands writes it again")
  }
}
