import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct SignalTests {
    /// A signal and the exit status that it gives.
    private static let signals: [(Int32, Int32)] = [(SIGINT, 130), (SIGTERM, 143)]

    @Test(arguments: signals)
    func `a signal during the checks stops before anything is begun`(number: Int32, status: Int32) async throws {
      let person = try await Operator()
      let lab = person.lab
      try await lab.failing("account-list slow 2") {
        let result = try await person.ktrdr("deploy", "core", "backend") { process in
          try? await lab.waitForCall("account list")
          kill(process, number)
        }
        #expect(result.status == status, "\(result.error)")
        #expect(result.error.contains("stopped before anything was changed"), "\(result.error)")
      }
      #expect(try await person.history().isEmpty)
    }

    @Test(arguments: signals)
    func `a signal while op answers stops before anything is begun`(number: Int32, status: Int32) async throws {
      let person = try await Operator()
      let lab = person.lab
      try await lab.failing("item-get slow 1") {
        let result = try await person.ktrdr("deploy", "core", "backend") { process in
          try? await lab.waitForRead()
          kill(process, number)
        }
        #expect(result.status == status, "\(result.error)")
      }
      #expect(try await person.history().isEmpty)
    }

    @Test(arguments: signals)
    func `a signal before up changes nothing and is recorded as cancelled`(number: Int32, status: Int32) async throws {
      let person = try await Operator()
      let lab = person.lab
      _ = try await person.ktrdr("deploy", "core", "all", "--tag", lab.facts.tags_good[0])
      let before = try await lab.docker("ps", "-aq", "--no-trunc")
      let registry = try lab.registryProcess()
      // A registry that does not answer keeps the pull waiting.
      kill(registry, SIGSTOP)
      defer { kill(registry, SIGCONT) }
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", lab.facts.tags_good[1]) { process in
        try? await person.waitForStep("login", of: 2)
        kill(process, number)
        try? await Task.sleep(for: .milliseconds(200))
        kill(registry, SIGCONT)
      }
      #expect(result.status == status, "\(result.error)")
      #expect(try await lab.docker("ps", "-aq", "--no-trunc") == before)
      #expect(try await person.history() == ["cancelled", "succeeded"])
      #expect(
        try await person.ktrdr("show", "2").output.contains("stopped by the operator before anything was changed"))
    }

    @Test func `a signal during up lets it finish and looks; a second one leaves at once`() async throws {
      let person = try await Operator()
      let lab = person.lab
      let (old, new) = (lab.facts.tag_stubborn, lab.facts.tags_good[1])
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", old).status == 0)
      // The old container takes ten seconds to stop.
      let once = try await person.ktrdr("deploy", "core", "backend", "--tag", new) { process in
        try? await person.waitForStep("pull", of: 2)
        kill(process, SIGINT)
      }
      #expect(once.status == 130, "\(once.error)")
      #expect(once.error.contains("press Ctrl-C again to quit immediately"))
      #expect(try await person.history() == ["cancelled", "succeeded"])
      #expect(try await person.ktrdr("show", "2").output.contains("stopped by the operator after 'up' had begun"))
      #expect(try await lab.docker("inspect", "--format", "{{.Config.Image}}", "ktrdr-backend").hasSuffix(":\(new)"))

      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", old).status == 0)
      let clock = ContinuousClock()
      let twice = try await person.ktrdr("deploy", "core", "backend", "--tag", new) { process in
        try? await person.waitForStep("pull", of: 4)
        kill(process, SIGINT)
        try? await Task.sleep(for: .milliseconds(300))
        kill(process, SIGINT)
      }
      let left = clock.now
      #expect(twice.status == 130, "\(twice.error)")
      // What was begun on the host goes on, lock in hand; the next command here says what became of the record.
      #expect(try await person.history().first == "interrupted")
      let held = try await person.ktrdr("deploy", "core", "backend", "--tag", new)
      #expect(held.status == 75, "\(held.error)")
      #expect(clock.now - left < .seconds(8), "the client did not leave at once")
      try await lab.waitForLock()
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", new).status == 0)
      #expect(
        try await person.history()
          == ["succeeded", "failed", "interrupted", "succeeded", "cancelled", "succeeded"])
    }
  }
}
