import Platform
import TestSupport
import Testing

extension LabSuites {
  /// One deployment a target at a time, on this machine and on the host; and what a second signal does.
  @Suite(.serialized, .composeGates) struct LockTests {
    /// Whose ledger the second client uses: the lock on this machine stands beside the ledger.
    enum Second: String, CaseIterable { case onTheSameMachine, onAnotherMachine }

    @Test(arguments: Second.allCases)
    func `who comes second is told who holds the lock, since when, and gets 75`(second: Second) async throws {
      let rig = try await Rig()
      try await rig.prepare(rig.old)
      rig.arm(.sendingPull)
      let other = try await rig.another(second == .onTheSameMachine ? rig.person.ledger : nil)
      let first = try await rig.deploy(rig.new) { _ in
        await rig.meet(.sendingPull, isLost: false) {
          guard let refused = try? await other.deploy(rig.old) else { return }
          #expect(refused.status == 75, "\(refused.error)")
          #expect(refused.error.contains("lab@example.org with deployment 1"), "\(refused.error)")
          #expect(refused.error.contains("since 2"), "\(refused.error)")
        }
      }
      #expect(first.status == 0, "\(first.error)")
      #expect(try await rig.running() == rig.new)
      await Aftermath(rig: rig).expectNothingLeft()
    }

    @Test(arguments: Second.allCases)
    func `who is ready to wait gets the lock when it is free`(second: Second) async throws {
      let rig = try await Rig()
      try await rig.prepare(rig.old)
      rig.arm(.sendingPull)
      let other = try await rig.another(second == .onTheSameMachine ? rig.person.ledger : nil)
      let waiting = Task { () -> Programs.Result in
        _ = await rig.appears("\(rig.valve)/reached")
        return try await other.deploy(rig.lab.facts.tags_good[2], ["--wait", "60s"])
      }
      let first = try await rig.deploy(rig.new) { _ in
        await rig.meet(.sendingPull, isLost: false) { try? await Task.sleep(for: .seconds(2)) }
      }
      let queued = try await waiting.value
      #expect(first.status == 0, "\(first.error)")
      #expect(queued.status == 0, "\(queued.error)")
      #expect(queued.error.contains("waiting: "), "\(queued.error)")
      #expect(try await rig.running() == rig.lab.facts.tags_good[2])
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a second signal leaves at once, and the next command ends the deployment`(signal: Int32) async throws {
      let rig = try await Rig()
      try await rig.prepare(rig.old)
      rig.arm(.upBegins)
      let result = try await rig.deploy(rig.new) { client in
        await rig.meet(.upBegins, isLost: false) {
          kill(client, signal)
          try? await Task.sleep(for: .milliseconds(200))
          kill(client, signal)
          #expect(
            await rig.eventually {
              await rig.shell("kill -0 \(client) && cat /proc/\(client)/stat | grep -v ' Z '").isEmpty
            })
        }
      }
      #expect(result.status == 128 + signal)
      let aftermath = Aftermath(rig: rig)
      await aftermath.expectNothingLeft()
      let (record, words) = try await aftermath.newest()
      #expect(record?.outcome == "interrupted")
      #expect(words.contains("the client died after 'up' had begun"), "\(words)")
      #expect(try await rig.running() == rig.new)
    }

    @Test func `after a lost connection nothing is rolled back, and the reason says so`() async throws {
      let rig = try await Rig(healthTimeout: "2s\n    rollback_on_failure: true")
      try await rig.prepare(rig.old)
      rig.arm(.upEnds)
      let result = try await rig.deploy(rig.lab.facts.tag_unhealthy) { client in
        await rig.meet(.upEnds, isLost: false) { await rig.strike(.sshKilled, client: client) }
      }
      #expect(result.status == 1)
      let (record, _) = try await Aftermath(rig: rig).newest()
      #expect(record?.outcome == "failed")
      #expect(record?.reason?.contains("not rolled back automatically after the lost connection") == true)
      #expect(try await rig.running() == rig.lab.facts.tag_unhealthy)
      #expect(try await rig.deploy(rig.old).status == 0)
    }
  }
}
