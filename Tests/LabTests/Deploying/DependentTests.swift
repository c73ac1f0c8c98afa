import TestSupport
import Testing

extension LabSuites {
  /// Services that depend on the one that is deployed: Compose replaces them along with it, and starts them last.
  @Suite(.serialized) struct DependentTests {
    private static func services(of lab: Lab) -> String {
      """
        app:
          image: \(lab.facts.registry)/kpiteira/dependent:${IMAGE_TAG}
          command: web
          network_mode: none
          restart: unless-stopped
          depends_on: {migrate: {condition: service_completed_successfully}}
        migrate:
          image: \(lab.facts.registry)/kpiteira/dependent:${IMAGE_TAG}
          command: migrate
          network_mode: none
        proxy:
          image: \(lab.facts.registry)/kpiteira/ktrdr-db:16
          network_mode: none
          restart: unless-stopped
          depends_on: [app]
      """
    }

    /// `v1` and `v2` are good. `bad` has nothing called `web`, so it cannot be started at all.
    private func withStack(
      on host: String, _ keys: String = "{}", _ body: (OwnStack) async throws -> Void
    ) async throws {
      let lab = try await Lab.shared()
      for (tag, kind) in [("v1", "app"), ("v2", "app"), ("bad", "good")] {
        _ = try await lab.push("kpiteira/dependent", tag, kind: kind, marker: "dependent-\(tag)")
      }
      let stack = try await OwnStack(Self.services(of: lab), keys: keys, on: host)
      try await stack.use(body)
    }

    private func states(_ stack: OwnStack) async throws -> [String: String] {
      var states: [String: String] = [:]
      for service in ["app", "proxy"] { states[service] = try await stack.inspect(service, "{{.State.Status}}") }
      return states
    }

    @Test(arguments: ["core", "workers-c"])
    func `a rollback starts what a failure has left down`(host: String) async throws {
      try await withStack(on: host, "environment: {UNUSED: x}") { stack in
        let first = try await stack.deploy("v1")
        try #require(first.status == 0, "\(first.error)")
        let plan = try await stack.deploy("v2", "--dry-run")
        #expect(plan.output.contains("proxy    16, recreated along with app"), "\(plan.output)")
        let failed = try await stack.deploy("bad")
        #expect(failed.status == 1)
        #expect(failed.error.contains("\n  not running: app, proxy\n"), "\(failed.error)")
        // Compose's rehearsal waits for ever for a job that has never run.
        let hanging = try await stack.rollback("--dry-run")
        #expect(hanging.status == 0, "\(hanging.error)")
        #expect(hanging.output.contains("\nservices   app, migrate, proxy\n"), "\(hanging.output)")
        let words = ["-f", "docker-compose --dry-run .* app migrate proxy"]
        #expect(
          try await Programs.run("pgrep", words, environment: stack.person.environment).status == 1, "one is left")
        let back = try await stack.rollback()
        #expect(back.status == 0, "\(back.error)")
        #expect(
          back.error.contains("proxy: does not run, started again on the image that it had before deployment 2"),
          "\(back.error)")
        #expect(try await states(stack) == ["app": "running", "proxy": "running"])
        #expect(try await stack.status() == (["app": "in sync", "migrate": "completed", "proxy": "in sync"], 0))
      }
    }

    @Test func `an automatic rollback does, too`() async throws {
      try await withStack(on: "core", "rollback_on_failure: true") { stack in
        let first = try await stack.deploy("v1")
        try #require(first.status == 0, "\(first.error)")
        let failed = try await stack.deploy("bad")
        #expect(failed.status == 1)
        #expect(failed.error.contains("is back on its previous images (deployment 3)"), "\(failed.error)")
        #expect(try await states(stack) == ["app": "running", "proxy": "running"])
      }
    }

    @Test func `the plan is true after a service was deployed alone, which changes what Compose compares`() async throws
    {
      try await withStack(on: "core", "environment: {UNUSED: x}") { stack in
        try #require(try await stack.deploy("v1").status == 0)
        let alone = try await stack.person.ktrdr("deploy", "own", "proxy", "--tag", "v1")
        try #require(alone.status == 0, "\(alone.error)")
        let before = try await stack.inspect("proxy", "{{.Id}}")
        let plan = try await stack.deploy("v1", "--dry-run")
        #expect(plan.output.contains("proxy    16, recreated on the same image"), "\(plan.output)")
        #expect(plan.output.contains("app      v1, unchanged"), "\(plan.output)")
        try #require(try await stack.deploy("v1").status == 0)
        #expect(try await stack.inspect("proxy", "{{.Id}}") != before)
      }
    }
  }
}
