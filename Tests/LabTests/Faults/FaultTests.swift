import Platform
import TestSupport
import Testing

extension LabSuites {
  /// Stops the client and the connection after every step, by each means. Real hosts, real ssh, real Compose.
  @Suite(.serialized, .long, .composeGates) struct FaultTests {
    @Test(arguments: FaultCase.all)
    func `the ledger agrees with the host, and nothing is left behind`(fault: FaultCase) async throws {
      // While a container is replaced there is no gate to hold Compose at, so the deployment itself has to take a while.
      let rig = try await Rig(stableFor: fault.moment == .replacing ? "3s" : "0s")
      let expected = fault.expected
      try await rig.prepare(fault.moment == .replacing ? rig.lab.facts.tag_stubborn : rig.old)
      let old = try await rig.running()
      let new = try await fault.moment == .healthPending ? rig.pushSlow() : rig.new
      if fault.means == .networkGone { rig.write("\(rig.valve)/impatient") }
      rig.arm(fault.moment)
      let result = try await rig.deploy(new) { client in
        await rig.meet(fault.moment, isLost: fault.means.signal == nil && fault.moment != .connecting) {
          await rig.strike(fault.means, client: client)
        }
        if fault.means == .networkGone { await rig.mend(.networkGone) }
        if fault.moment == .healthPending {
          try? await Task.sleep(for: .milliseconds(500))
          _ = try? await rig.lab.docker("exec", "ktrdr-backend", "touch", "/tmp/ready")
        }
      }
      if fault.means == .sshdDown { await rig.mend(.sshdDown) }
      let aftermath = Aftermath(rig: rig)
      await aftermath.expectNothingLeft()

      #expect(result.status == expected.status, "\(result.error)")
      #expect(try await rig.running() == (expected.isNew ? new : old))
      let (record, words) = try await aftermath.newest()
      let reason = record?.reason ?? ""
      #expect(record?.outcome == expected.outcome, "\(reason) \(result.error)")
      #expect(reason.contains(expected.reason), "\(reason)")
      if let record, fault.means == .sigkill, fault.moment.reach != .ended {
        #expect(words.contains("deployment \(record.id) of core was interrupted"), "\(words)")
        let announced = try await aftermath.record(record.id).steps?.contains { $0.name == "changing" }
        #expect(announced == (fault.moment.reach >= .announced))
      }

      let next = try await rig.deploy(rig.old)
      #expect(next.status == 0, "\(next.error)")
      #expect(try await rig.running() == rig.old)
      try await aftermath.expectLedgerVerifies()
    }
  }
}
