import Platform
import TestSupport
import Testing

extension LabSuites {
  /// What a deployment makes of a connection that breaks, and what the hosts say of the ledger afterwards.
  @Suite(.serialized) struct ConnectionTests {
    @Test func `a connection that breaks during the pull changes nothing, and the login goes all the same`()
      async throws
    {
      let person = try await Operator()
      let lab = person.lab
      _ = try await person.ktrdr("deploy", "core", "all", "--tag", lab.facts.tags_good[0])
      let before = try await lab.docker("ps", "-aq", "--no-trunc")
      let registry = try lab.registryProcess()
      // A registry that does not answer keeps the pull waiting.
      kill(registry, SIGSTOP)
      defer { kill(registry, SIGCONT) }
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", lab.facts.tags_good[1]) { _ in
        try? await person.waitForStep("login", of: 2)
        try? await lab.control("kill-host", lab.root, "core", "sshd")
      }
      kill(registry, SIGCONT)
      try await lab.control("start-host", lab.root, "core", "sshd")
      #expect(result.status == 1, "\(result.error)")
      #expect(result.error.contains("nothing was changed"), "\(result.error)")
      #expect(try await person.history() == ["failed", "succeeded"])
      try await lab.waitForLock()
      #expect(try await lab.docker("ps", "-aq", "--no-trunc") == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(lab.root)/hosts/core/run").isEmpty)
    }

    @Test func `a connection that breaks during up is looked after; what cannot be asked is unknown`() async throws {
      let person = try await Operator()
      let lab = person.lab
      let (old, new) = (lab.facts.tag_stubborn, lab.facts.tags_good[1])
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", old).status == 0)
      // The old container takes ten seconds to stop.
      let back = try await person.ktrdr("deploy", "core", "backend", "--tag", new) { process in
        try? await person.waitForStep("pull", of: 2)
        try? await Task.sleep(for: .milliseconds(500))
        try? await lab.killChildren(of: process)
      }
      #expect(back.status == 0, "\(back.error)")
      #expect(back.error.contains("reconnecting to see what runs"), "\(back.error)")
      let seen = try await person.ktrdr("show", "2").output
      #expect(seen.contains("every service was up and healthy"), "\(seen)")

      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", old).status == 0)
      let gone = try await person.ktrdr("deploy", "core", "backend", "--tag", new) { _ in
        try? await person.waitForStep("pull", of: 4)
        try? await Task.sleep(for: .milliseconds(500))
        try? await lab.control("kill-host", lab.root, "core", "sshd")
      }
      try await lab.control("start-host", lab.root, "core", "sshd")
      #expect(gone.status == 1)
      #expect(gone.error.contains("the host could not be reached again"), "\(gone.error)")
      let outcomes = try await person.history()
      #expect(outcomes == ["unknown", "succeeded", "succeeded", "succeeded"])
      try await lab.waitForLock()
      #expect(try await lab.docker("inspect", "--format", "{{.Config.Image}}", "ktrdr-backend").hasSuffix(":\(new)"))
    }

    @Test func `the hosts' anchors prove the ledger; a host that cannot be asked leaves it unproven`() async throws {
      let person = try await Operator()
      #expect(try await person.ktrdr("deploy", "core", "backend").status == 0)
      let proven = try await person.ktrdr("ledger", "verify", "--anchors")
      #expect(proven.status == 0, "\(proven.output)\(proven.error)")
      #expect(proven.output.contains("agrees"), "\(proven.output)")
      try await person.lab.without("core", "sshd") {
        let unproven = try await person.ktrdr("ledger", "verify", "--anchors")
        #expect(unproven.status == 3)
        #expect(unproven.output.contains("unreachable"), "\(unproven.output)")
      }
    }
  }
}
