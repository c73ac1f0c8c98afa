import TestSupport
import Testing

extension LabSuites {
  /// The inventory that is built in, on hosts as it describes them.
  @Suite(.serialized) struct HomelabTests {
    @Test func `without a file the homelab deploys, and no worker tells others that it is another`() async throws {
      try await Homelab.use { homelab in
        let tag = homelab.lab.facts.tags_good[0]
        let core = try await homelab.person.ktrdr("deploy", "core", "all", "--tag", tag)
        #expect(core.status == 0, "\(core.error)")
        #expect(core.error.contains("is not set") == false)
        // The GPU worker, which has no profiles, deploys without one.
        let workers = try await homelab.person.ktrdr("deploy", "workers", "all", "--profile", "scale-2", "--tag", tag)
        #expect(workers.status == 0, "\(workers.error)")
        let password = try await homelab.lab.field("db_password")
        #expect(try await homelab.variable("KTRDR_DB_PASSWORD", of: "backend", on: "core") == password)
        #expect(try await homelab.variable("KTRDR_DB_NAME", of: "db", on: "core") == "ktrdr")
        for (target, service, host) in [
          ("workers-b", "backtest-worker-1", "workers-b"), ("workers-c", "backtest-worker-2", "workers-c"),
          ("gpu", "training-worker-gpu", "ktrdr-gpuworker"),
        ] {
          let address = try await homelab.variable("KTRDR_WORKER_PUBLIC_BASE_URL", of: service, on: target)
          #expect(address?.hasPrefix("http://\(host).ktrdr.home.mynerd.place:") == true, "\(address ?? "none")")
          #expect(try await homelab.variable("KTRDR_DB_PASSWORD", of: service, on: target) == password)
        }
        let status = try await homelab.person.ktrdr("status")
        #expect(status.status == 0, "\(status.output)\(status.error)")
      }
    }

    @Test func `whoever has no GPU worker deploys the others all the same`() async throws {
      try await Homelab.use(down: ["gpu"]) { homelab in
        let tag = homelab.lab.facts.tags_good[0]
        let result = try await homelab.person.ktrdr("deploy", "workers", "all", "--tag", tag)
        #expect(result.status == 1, "\(result.error)")
        let history = try await homelab.person.ktrdr("history", "--format", "csv").output
        let outcomes = ["workers-b": "succeeded", "workers-c": "succeeded", "gpu": "failed"]
        for (target, outcome) in outcomes {
          #expect(history.split(separator: "\n").contains { $0.contains(",\(target),") && $0.contains(",\(outcome),") })
        }
        let named = try await homelab.person.ktrdr("deploy", "workers", "B", "C", "--tag", tag)
        #expect(named.status == 0, "\(named.error)")
      }
    }
  }
}
