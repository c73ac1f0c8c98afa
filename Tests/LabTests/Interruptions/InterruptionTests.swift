import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct InterruptionTests {
    @Test func `a deployment whose client was killed is recorded as interrupted by the next status`() async throws {
      let person = try await Operator()
      try await person.deployCore()
      let registry = try #require(
        Int32(
          String(decoding: try Data(contentsOf: URL(filePath: "\(person.lab.root)/registry/pid")), as: UTF8.self)
            .trimmed))
      // A registry that stands still holds the deployment in its pull.
      kill(registry, SIGSTOP)
      defer { kill(registry, SIGCONT) }
      let tag = person.lab.facts.tags_good[2]
      let killed = try await person.ktrdr("deploy", "core", "backend", "--tag", tag) { client in
        for _ in 0..<200 {
          let history = try? await person.ktrdr("history", "--outcome", "running", "--format", "json")
          if history?.output.contains(tag) == true { break }
          try? await Task.sleep(for: .milliseconds(50))
        }
        let alive = try? await person.ktrdr("status", "core")
        #expect(alive?.error.contains("deployment 2 of core is running, started by lab@example.org") == true)
        kill(client, SIGKILL)
      }
      kill(registry, SIGCONT)
      #expect(killed.status == 128 + SIGKILL)
      var (answer, exit, error) = try await person.status()
      #expect(error.contains("deployment 2 of core was interrupted: the client died before anything was changed"))
      // The shell on the host has the lock until its pull has ended.
      for _ in 0..<100 where exit == 3 && answer.verdict == "in sync" {
        try await Task.sleep(for: .milliseconds(100))
        (answer, exit, error) = try await person.status()
      }
      #expect(exit == 0 && answer.verdict == "in sync")
      #expect(try await person.ktrdr("show", "2").output.contains("outcome    interrupted"))
      #expect(try await person.status().error == "inventory: \(person.lab.root)/ktrdr.yml\n")
    }

    @Test func `a client killed during up is told so, and status shows what runs in the end`() async throws {
      let person = try await Operator()
      let tag = person.lab.facts.tags_good[1]
      try await person.deployCore()
      // It takes the engine ten seconds to stop this one.
      let stubborn = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tag_stubborn)
      try #require(stubborn.status == 0, "\(stubborn.error)")
      _ = try await person.ktrdr("deploy", "core", "backend", "--tag", tag) { client in
        for _ in 0..<200 {
          let shown = try? await person.ktrdr("show", "3", "--format", "json")
          if shown?.output.contains("\"name\" : \"changing\"") == true { break }
          try? await Task.sleep(for: .milliseconds(50))
        }
        kill(client, SIGKILL)
      }
      let first = try await person.status()
      #expect(first.error.contains("deployment 3 of core was interrupted: the client died after 'up' had begun"))
      // Its `up` goes on there.
      let atWork = "the host is locked by lab@example.org with deployment 3"
      #expect(first.exit == 3)
      #expect(
        first.error.contains("core is being changed: backend.ktrdr.lab is locked by lab@example.org with deployment 3"),
        "\(first.error)")
      let early = try await person.ktrdr("rollback", "core")
      #expect(early.status == 75 && early.error.contains(atWork), "\(early.error)")
      let plan = try await person.ktrdr("rollback", "core", "--to", "2", "--dry-run")
      #expect(plan.error.contains("\(atWork)"), "\(plan.error)")
      var backend = try first.answer.service("backend")
      for _ in 0..<100 where backend.running?.tag != tag || backend.running?.state != "running" {
        try await Task.sleep(for: .milliseconds(300))
        backend = try await person.status().answer.service("backend")
      }
      #expect(backend.verdict == "drifted")
      #expect(backend.running?.tag == tag)
      #expect(backend.expected?.tag == person.lab.facts.tag_stubborn)
      #expect(try await person.ktrdr("show", "3").output.contains("after 'up' had begun"))
      let back = try await person.ktrdr("rollback", "core", "--wait", "60s")
      #expect(back.status == 0, "\(back.error)")
      let end = try await person.status()
      #expect(try end.answer.service("backend").running?.tag == person.lab.facts.tag_stubborn)
      #expect(end.exit == 0)
    }
  }
}
