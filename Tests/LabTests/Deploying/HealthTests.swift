import Platform
import TestSupport
import Testing

extension LabSuites {
  /// When a deployment counts as healthy, on real containers.
  @Suite(.serialized) struct HealthTests {
    private let repository = "kpiteira/ktrdr-backend"

    /// An operator whose health time-out for core is `timeout`, with backend running a good image.
    private func operatorWaiting(_ timeout: String) async throws -> Operator {
      var person = try await Operator()
      try person.rewriteInventory { $0.replacing("health_timeout: 20s", with: "health_timeout: \(timeout)") }
      let first = try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0])
      #expect(first.status == 0, "\(first.error)")
      return person
    }

    @Test func `a service that runs, stops and is started again is not healthy`() async throws {
      let person = try await operatorWaiting("20s")
      _ = try await person.lab.push(repository, "flapping", kind: "flapping", marker: "flapping")
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", "flapping")
      #expect(result.status == 1, "\(result.error)")
      #expect(
        result.error.contains("keeps crashing") || result.error.contains("stopped with exit status 4"),
        "\(result.error)")
      #expect(result.error.contains("boot: lost the database"), "\(result.error)")
      #expect(try await person.ktrdr("deploy", "core", "backend", "--tag", person.lab.facts.tags_good[0]).status == 0)
    }

    @Test func `the inventory says how long health is waited for`() async throws {
      let person = try await operatorWaiting("1s")
      _ = try await person.lab.push(repository, "slow", kind: "slow", marker: "slow")
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", "slow")
      #expect(result.status == 1)
      #expect(result.error.contains("not healthy after 1s"), "\(result.error)")
    }

    @Test func `a service that becomes healthy within the time has succeeded`() async throws {
      let person = try await operatorWaiting("20s")
      _ = try await person.lab.push(repository, "slow", kind: "slow", marker: "slow")
      let lab = person.lab
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", "slow") { _ in
        for _ in 0..<200 {
          let made = try? await lab.docker("exec", "ktrdr-backend", "sh", "-c", "cat /app/marker && touch /tmp/ready")
          if made == "slow" { return }
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      #expect(result.status == 0, "\(result.error)")
    }

    @Test func `the last lines of a container that prints its environment hold no secret`() async throws {
      let person = try await operatorWaiting("20s")
      let password = try await person.lab.field("db_password")
      let result = try await person.ktrdr("deploy", "core", "backend", "--tag", "sha-01eaced")
      #expect(result.status == 1)
      #expect(result.error.contains("[REDACTED]"), "\(result.error)")
      let shown = try await person.ktrdr("show", "2", "--format", "json")
      #expect(shown.output.contains("[REDACTED]"))
      for line in password.split(separator: "\n") where line.utf8.count >= 8 {
        #expect(!result.error.contains(line) && !shown.output.contains(line))
      }
    }
  }
}
