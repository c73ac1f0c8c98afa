import Platform
import TestSupport
import Testing

/// What goes wrong on the host or behind it, while client and connection live.
enum HostFault: String, CaseIterable, Sendable {
  case engineDiesBeforePull, engineDiesBeforeUp, engineDiesAndIsBackAfterUp, engineDiesDuringHealth
  case engineDiesWhileReplacing, registryDiesBeforePull, registryDiesDuringPull, loginsTmpfsIsFull, stacksDiskIsFull

  var moment: Moment {
    switch self {
    case .engineDiesBeforePull, .registryDiesDuringPull: .pulling
    case .engineDiesBeforeUp, .engineDiesAndIsBackAfterUp: .upBegins
    case .engineDiesDuringHealth: .healthPending
    case .engineDiesWhileReplacing: .replacing
    case .registryDiesBeforePull, .loginsTmpfsIsFull, .stacksDiskIsFull: .locked
    }
  }

  var isOfEngine: Bool { rawValue.hasPrefix("engine") }

  /// The outcome, a part of its reason, and whether the new image runs; `nil` where the fault does not decide it.
  var expected: (outcome: String, reason: String, isNew: Bool?) {
    switch self {
    case .engineDiesBeforePull: ("failed", "nothing was changed", false)
    case .engineDiesBeforeUp: ("unknown", "no longer responds", false)
    case .engineDiesAndIsBackAfterUp: ("failed", "up failed with status", false)
    case .engineDiesDuringHealth: ("unknown", "no longer responds", true)
    case .engineDiesWhileReplacing: ("unknown", "no longer responds", nil)
    case .registryDiesBeforePull, .registryDiesDuringPull: ("failed", "nothing was changed", false)
    case .loginsTmpfsIsFull: ("failed", "no writable tmpfs", false)
    case .stacksDiskIsFull: ("succeeded", "", true)
    }
  }
}

extension LabSuites {
  @Suite(.serialized, .composeGates) struct HostFaultTests {
    @Test(arguments: HostFault.allCases)
    func `what fails on the host is recorded as it was seen`(fault: HostFault) async throws {
      let rig = try await Rig(healthTimeout: "2s")
      try await rig.prepare(fault.moment == .replacing ? rig.lab.facts.tag_stubborn : rig.old)
      let old = try await rig.running()
      var new = rig.new
      if fault.moment == .healthPending { new = try await rig.pushSlow() }
      if fault.moment == .pulling || fault == .registryDiesBeforePull {
        new = "fresh-\(UUID().uuidString.prefix(6).lowercased())"
        _ = try await rig.lab.push("kpiteira/ktrdr-backend", new, marker: new)
      }
      if fault == .stacksDiskIsFull { await rig.shell(Self.fullStack(rig)) }
      rig.arm(fault.moment)
      let result = try await rig.deploy(new) { _ in
        await rig.meet(fault.moment, isLost: false) { await strike(fault, rig) }
      }
      try await mend(fault, rig)
      let aftermath = Aftermath(rig: rig)
      await aftermath.expectNothingLeft()

      let expected = fault.expected
      let (record, _) = try await aftermath.newest()
      let reason = record?.reason ?? ""
      #expect(record?.outcome == expected.outcome, "\(reason) \(result.error)")
      #expect(reason.contains(expected.reason), "\(reason)")
      #expect(result.status == (expected.outcome == "succeeded" ? 0 : 1))
      if let isNew = expected.isNew { #expect(try await rig.running() == (isNew ? new : old)) }
      var next = try await rig.deploy(rig.old)
      if fault == .engineDiesWhileReplacing, next.status == 1 {
        // The first `up` after it only removes the half-made container, trips over that, and fails.
        #expect(next.error.contains("up failed with status"), "\(next.error)")
        next = try await rig.deploy(rig.old)
      }
      #expect(next.status == 0, "\(next.error)")
      try await aftermath.expectLedgerVerifies()
    }

    private func strike(_ fault: HostFault, _ rig: Rig) async {
      let root = rig.lab.root
      switch fault {
      case _ where fault.isOfEngine:
        try? await rig.lab.control("kill-host", root, "core", "engine")
        if fault == .engineDiesAndIsBackAfterUp {
          rig.remove("\(rig.host)/home/gates/up-begins.reached")
          try? await Task.sleep(for: .milliseconds(200))
          try? await rig.lab.control("start-host", root, "core", "engine")
        }
      case .registryDiesDuringPull:
        // Compose has reached the registry, which has not answered, and then is gone.
        await rig.shell("kill -STOP $(cat \(root)/registry/pid)")
        rig.remove("\(rig.host)/home/gates/pull-begins.reached")
        try? await Task.sleep(for: .milliseconds(700))
        try? await rig.lab.control("kill-host", root, "core", "registry")
      case .registryDiesBeforePull: try? await rig.lab.control("kill-host", root, "core", "registry")
      case .loginsTmpfsIsFull: await rig.shell("dd if=/dev/zero of=\(rig.host)/run/fill bs=1M count=64 2>/dev/null")
      default: break
      }
    }

    private func mend(_ fault: HostFault, _ rig: Rig) async throws {
      switch fault {
      case .registryDiesBeforePull, .registryDiesDuringPull:
        try await rig.lab.control("start-host", rig.lab.root, "core", "registry")
      case .loginsTmpfsIsFull: rig.remove("\(rig.host)/run/fill")
      case .stacksDiskIsFull: await rig.shell("umount \(rig.host)/stack")
      case .engineDiesBeforePull, .engineDiesBeforeUp, .engineDiesDuringHealth, .engineDiesWhileReplacing:
        try await rig.lab.control("start-host", rig.lab.root, "core", "engine")
      case .engineDiesAndIsBackAfterUp: break
      }
    }

    /// The stack's directory as a file system that has no room for another byte; the compose files are on it.
    private static func fullStack(_ rig: Rig) -> String {
      let stack = "\(rig.host)/stack"
      return """
        copy=$(mktemp -d) && cp \(stack)/*.yml $copy && mount -t tmpfs -o size=64k ktrdr-lab \(stack) &&
        cp $copy/*.yml \(stack) && rm -r $copy
        dd if=/dev/zero of=\(stack)/fill bs=1k 2>/dev/null
        """
    }
  }
}
