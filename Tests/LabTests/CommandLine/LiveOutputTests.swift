import TestSupport
import Testing

extension LabSuites {
  /// What is shown while a deployment to a real host runs.
  @Suite(.serialized) struct LiveOutputTests {
    private func deploy(_ person: Operator, _ words: String..., on terminal: OpenTerminal) async throws -> String {
      let environment = person.environment.merging(["TERM": "xterm", "LANG": "C.UTF-8"]) { $1 }
      let status = try await terminal.run(
        KtrdrBinary.path, ["deploy", "core", "backend", "--color", "never", "--tag"] + words, environment: environment,
        in: person.directory
      ) { _ in }
      #expect(status == 0)
      var text = ""
      // The terminal is read beside the program, so its last words may still be on their way.
      for _ in 0..<500 where !text.contains("succeeded: deployment") {
        text = String(decoding: terminal.bytes, as: UTF8.self)
        try await Task.sleep(for: .milliseconds(10))
      }
      return text.replacing("\r\n", with: "\n")
    }

    @Test func `on a terminal a deployment is one line, which stays with every step`() async throws {
      let person = try await Operator()
      let tag = person.lab.facts.tags_good[0]
      let text = try await deploy(person, tag, on: try OpenTerminal(columns: 100, rows: 24))
      let last = text.split(separator: "\r").last ?? ""
      let line = /core  pull ✓ \d+\.\ds  up ✓ \d+\.\ds  health ✓ \d+\.\ds\nsucceeded: deployment 1/
      #expect(last.firstMatch(of: line) != nil, "\(text.debugDescription)")
      #expect(text.contains("core  checking backend.ktrdr.lab ") && text.contains("health "))
      #expect(text.contains("fetching secrets from 1Password item ktrdr-homelab-core\n"))
      #expect(!text.contains("\n  pull "))
    }

    @Test func `with -v the steps and the output of the host's programs stay above it`() async throws {
      let person = try await Operator()
      let tag = person.lab.facts.tags_good[1]
      let text = try await deploy(person, tag, "-v", on: try OpenTerminal(columns: 100, rows: 24))
      for line in ["  pull     done  ", "  up       done  ", "  health   done  ", "    backend Pulled"] {
        #expect(text.contains(line), "\(line)")
      }
    }

    @Test func `in a pipe each step is a line`() async throws {
      let person = try await Operator()
      let tag = person.lab.facts.tags_good[0]
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", tag)
      // The host knows the ledger of another test's operator.
      let lines = result.error.split(separator: "\n").filter { !$0.hasPrefix("warning: ") }
        .map { $0.replacing(/[0-9]+\.[0-9] s/, with: "0.0 s") }
      #expect(
        lines == [
          "inventory: \(person.lab.root)/ktrdr.yml", "checking backend.ktrdr.lab",
          "fetching secrets from 1Password item ktrdr-homelab-core", "deployment 1 started", "  login    done  0.0 s",
          "  pull     done  0.0 s", "  up       done  0.0 s", "  health   done  0.0 s",
          "succeeded: deployment 1 of core backend, \(tag)",
        ])
    }
  }
}
