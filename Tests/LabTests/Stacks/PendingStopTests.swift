import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Docker goes on with a stop that it has in hand when the Compose that asked for it is killed.
  @Suite(.serialized) struct PendingStopTests {
    /// A stack whose `web` Docker needs ten seconds to stop, and for whose replacement by st2 everybody is killed who was at work.
    private func interrupted(_ body: (OwnStack) async throws -> Void) async throws {
      let lab = try await Lab.shared()
      for tag in ["st1", "st2"] {
        _ = try await lab.push("kpiteira/pending", tag, kind: "stubborn", marker: "pending-\(tag)")
      }
      let services = """
          web:
            image: \(lab.facts.registry)/kpiteira/pending:${IMAGE_TAG}
            network_mode: none
            restart: unless-stopped
        """
      try await OwnStack(services).use { stack in
        try #require(try await stack.deploy("st1").status == 0)
        let words = ["deploy", "target", stack.name, "--tag", "st2"]
        _ = try await stack.person.ktrdr(words: words) { client in
          for _ in 0..<200 {
            if (try? await stack.containers.count) == 2 { break }
            try? await Task.sleep(for: .milliseconds(50))
          }
          try? await Task.sleep(for: .milliseconds(500))
          kill(client, SIGKILL)
          for process in (try? stack.processes) ?? [] { kill(process, SIGKILL) }
        }
        try #require(try await stack.inspect("web", "{{.State.Status}}") == "running")
        try await body(stack)
      }
    }

    @Test(arguments: [["rollback", "own"], ["deploy", "target", "own", "--tag", "st1"]])
    func `nothing is told or chosen from what is being stopped`(words: [String]) async throws {
      try await interrupted { stack in
        let seen = try await stack.person.ktrdr("status", "own")
        #expect(seen.status == 3, "\(seen.output)\(seen.error)")
        let pending = "Docker may still be stopping \(stack.project)-web-1, until 2"
        #expect(seen.error.contains("own is being changed: \(pending)"), "\(seen.error)")
        #expect(try await stack.advice() == [])
        let planned = try await stack.person.ktrdr(words: words + ["--dry-run"])
        #expect(planned.error.contains(pending), "\(planned.error)")
        let back = try await stack.person.ktrdr(words: words)
        #expect(back.error.contains("waiting: \(pending)"), "\(back.error)")
        #expect(back.status == 0, "\(back.error)")
        try await Task.sleep(for: .seconds(11))
        #expect(try await stack.inspect("web", "{{.State.Status}}") == "running")
        #expect(try await stack.status() == (["web": "in sync"], 0))
      }
    }

    @Test func `what a hand is stopping does not count as running`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push("kpiteira/pending", "hand", kind: "stubborn", marker: "pending-hand")
      let image = "\(lab.facts.registry)/kpiteira/pending:${IMAGE_TAG}"
      try await OwnStack("  web: {image: \"\(image)\", network_mode: none, restart: unless-stopped}").use { stack in
        try #require(try await stack.deploy("hand").status == 0)
        let container = "\(stack.project)-web-1"
        async let stopped = stack.docker("stop", "-t", "8", container)
        try await eventually("somebody stops \(container)") { try await stack.status().exit == 3 }
        let seen = try await stack.person.ktrdr("status", "own")
        #expect(seen.error.contains("Docker may still be stopping \(container), until 2"), "\(seen.error)")
        let again = try await stack.deploy("hand")
        #expect(again.status == 0 && again.error.contains("waiting: Docker may"), "\(again.error)")
        _ = try await stopped
        #expect(try await stack.inspect("web", "{{.State.Status}}") == "running")
        #expect(try await stack.status() == (["web": "in sync"], 0))
      }
    }
  }
}
