import Platform
import TestSupport
import Testing

@testable import ktrdr

/// The real program on a real terminal, with an `ssh` that says nothing.
struct LiveCommandTests {
  private func someone() throws -> Person {
    var person = try Person()
    try person.home.writeScript("exec sleep 60", to: "tools/ssh")
    try person.home.write("targets: {core: {host: core.invalid, directory: /srv/core}}\n", to: "ktrdr.yml")
    person.environment.merge(["TERM": "xterm", "LANG": "C.UTF-8"]) { $1 }
    return person
  }

  private func deploy(
    _ person: Person, on terminal: OpenTerminal, _ options: [String] = [],
    during: @escaping @Sendable (Int32) async throws -> Void
  ) async throws -> Int32 {
    try await terminal.run(
      KtrdrBinary.path, ["deploy", "target", "core", "--tag", "sha-1"] + options, environment: person.environment,
      in: person.home.path, during: during)
  }

  @Test func `Ctrl-C stops as before, and its words are above the picture, which stays once`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let status = try await deploy(try someone(), on: terminal) { process in
      _ = await terminal.screen(showing: "core  checking core.invalid ⠙")
      kill(process, SIGINT)
    }
    #expect(status == 130)
    let lines = await terminal.screen(showing: "before anything was changed").lines
    #expect(lines.count { $0.hasPrefix("core  ") } == 1, "\(lines)")
    let warning = try #require(lines.firstIndex { $0.contains("warning: stopping as soon as it is safe") })
    let picture = try #require(lines.firstIndex { $0.hasPrefix("core  checking core.invalid ✗") })
    let end = try #require(lines.firstIndex { $0.hasPrefix("ktrdr: stopped before anything was changed") })
    #expect(warning < picture && picture < end)
  }

  @Test func `a process that was stopped goes on with its picture below`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let status = try await deploy(try someone(), on: terminal) { process in
      _ = await terminal.screen(showing: "core  checking core.invalid ⠙")
      kill(process, SIGTSTP)
      for _ in 0..<500 where !Self.isStopped(process) { try await Task.sleep(for: .milliseconds(10)) }
      #expect(Self.isStopped(process))
      Console.write("\n[1]+  Stopped\n", to: terminal.descriptor)
      kill(process, SIGCONT)
      _ = await terminal.screen { $0.lines.last?.hasPrefix("core  checking core.invalid") ?? false }
      kill(process, SIGTERM)
    }
    #expect(status == 143)
    let lines = await terminal.screen(showing: "before anything was changed").lines
    let stopped = try #require(lines.firstIndex(of: "[1]+  Stopped"))
    #expect(lines[..<stopped].last?.hasPrefix("core  checking core.invalid") == true)
    #expect(lines[(stopped + 1)...].count { $0.hasPrefix("core  ") } == 1, "\(lines)")
  }

  private static func isStopped(_ process: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status?.split(separator: ")").last?.hasPrefix(" T") ?? false
  }

  @Test(arguments: [["TERM": "dumb"], ["TERM": ""]], [[], ["--verbose"], ["--quiet"]])
  func `a terminal that cannot redraw gets a line a step, and no escape sequence`(
    environment: [String: String], options: [String]
  ) async throws {
    var person = try someone()
    person.environment.merge(environment) { $1 }
    try person.home.writeScript("echo 'ssh: no such host' >&2; exit 255", to: "tools/ssh")
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let status = try await deploy(person, on: terminal, ["--color", "never"] + options) { _ in }
    #expect(status == 69)
    _ = await terminal.screen(showing: "next:")
    let words = ["deploy", "target", "core", "--tag", "sha-1", "--color", "never"] + options
    let piped = try await person.ktrdr(words: words)
    #expect(piped.status == 69)
    #expect(String(decoding: terminal.bytes, as: UTF8.self).replacing("\r\n", with: "\n") == piped.error)
    #expect(piped.error.contains("checking core.invalid\n") == !options.contains("--quiet"))
    #expect(!piped.error.contains("\u{1B}"))
  }
}

struct RedrawTests {
  @Test(
    arguments: [
      (true, ["TERM": "xterm"], true), (false, ["TERM": "xterm"], false), (true, ["TERM": "dumb"], false),
      (true, [:], false), (true, ["TERM": ""], false),
    ] as [(Bool, [String: String], Bool)])
  func `only a terminal with a name that is not dumb is redrawn`(
    isTerminal: Bool, environment: [String: String], canRedraw: Bool
  ) {
    #expect(Terminal.canRedraw(isTerminal: isTerminal, environment) == canRedraw)
  }
}
