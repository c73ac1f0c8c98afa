import Platform
import TestSupport
import Testing

extension LabSuites {
  /// What becomes of who does what `status` says.
  @Suite(.serialized) struct AdviceTests {
    private static let image = "kpiteira/advice"

    private func stack(_ more: String = "", keys: String = "") async throws -> OwnStack {
      let lab = try await Lab.shared()
      let web =
        "  web: {image: \"\(lab.facts.registry)/\(Self.image):${IMAGE_TAG}\", network_mode: none, restart: always\(more)}"
      return try await OwnStack(web, keys: keys, stableFor: "2s")
    }

    /// Carries out the command that `status` names.
    private func follow(_ stack: OwnStack, _ expected: String) async throws -> Programs.Result {
      let advice = try await stack.advice()
      #expect(advice == [expected])
      return try await stack.person.ktrdr(words: expected.split(separator: " ").dropFirst().map(String.init))
    }

    @Test func `a container that stopped starts again, itself, though its tag was moved in the registry`() async throws
    {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "floating", kind: "app", marker: "first")
      try await stack().use { stack in
        try #require(try await stack.deploy("floating").status == 0)
        let container = try await stack.inspect("web", "{{.Id}}")
        _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-web-1")
        _ = try await lab.push(Self.image, "floating", kind: "app", marker: "second")
        let back = try await follow(stack, "ktrdr rollback own web --to 1")
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.inspect("web", "{{.Id}} {{.State.Status}}") == "\(container) running")
        #expect(try await stack.status() == (["web": "in sync"], 0))
        // Whoever deploys gets what the tag means now; whoever went back still has the other one on record.
        #expect(try await stack.deploy("floating").status == 0)
        #expect(try await stack.inspect("web", "{{.Id}}") != container)
        #expect(try await stack.rollback().status == 0)
      }
    }

    @Test func `a tag that was moved on the host is no way back to the container's image`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "other", kind: "app", marker: "other")
      _ = try await lab.push(Self.image, "here", kind: "app", marker: "here")
      try await stack().use { stack in
        try #require(try await stack.deploy("other").status == 0)
        try #require(try await stack.deploy("here").status == 0)
        let image = try await stack.inspect("web", "{{.Image}}")
        let name = "\(lab.facts.registry)/\(Self.image)"
        _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-web-1")
        _ = try await stack.docker("tag", "\(name):other", "\(name):here")
        let back = try await follow(stack, "ktrdr rollback own web --to 2")
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.inspect("web", "{{.Image}} {{.State.Status}}") == "\(image) running")
      }
    }

    @Test func `what fails since the compose file was edited does not lead in a circle`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "edited", kind: "app", marker: "edited")
      try await stack().use { stack in
        try #require(try await stack.deploy("edited").status == 0)
        let good = try String(contentsOfFile: "\(stack.directory)/compose.yaml", encoding: .utf8)
        try stack.write(
          good.replacing("network_mode", with: "entrypoint: [\"false\"], network_mode"), to: "compose.yaml")
        #expect(try await stack.deploy("edited").status == 1)
        let advice =
          "correct the compose file on backend.ktrdr.lab, which has changed since deployment 1, and deploy again"
        #expect(try await stack.advice() == [advice])
        try stack.write(good, to: "compose.yaml")
        let refused = try await stack.rollback()
        #expect(refused.status == 1 && refused.error.contains("has been edited since"), "\(refused.error)")
        #expect(try await follow(stack, "ktrdr rollback own web --to 1").status == 0)
        #expect(try await stack.status() == (["web": "in sync"], 0))
      }
    }

    @Test func `an unhealthy container is replaced by every rollback to its image`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "sick", kind: "app", marker: "sick")
      let check = #", healthcheck: {test: ["CMD", "test", "!", "-e", "/tmp/sick"], interval: 1s, retries: 1}"#
      try await stack(check).use { stack in
        try #require(try await stack.deploy("sick").status == 0)
        for _ in 1...3 {
          let container = try await stack.inspect("web", "{{.Id}}")
          _ = try await stack.docker("exec", "\(stack.project)-web-1", "touch", "/tmp/sick")
          for _ in 0..<100 where try await stack.inspect("web", "{{.State.Health.Status}}") != "unhealthy" {
            try await Task.sleep(for: .milliseconds(100))
          }
          let back = try await stack.rollback("web", "--to", "1")
          #expect(back.status == 0, "\(back.error)")
          #expect(try await stack.inspect("web", "{{.Id}}") != container)
        }
        // What is well stays.
        let container = try await stack.inspect("web", "{{.Id}}")
        #expect(try await stack.rollback("web", "--to", "1").status == 1)
        #expect(try await stack.inspect("web", "{{.Id}}") == container)
      }
    }

    @Test func `of several containers the one that is missing is started, and the others stay`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "two", kind: "app", marker: "two")
      try await stack(", scale: 2").use { stack in
        try #require(try await stack.deploy("two").status == 0)
        let container = try await stack.inspect("web", "{{.Id}}")
        _ = try await stack.docker("rm", "-f", "\(stack.project)-web-2")
        let back = try await follow(stack, "ktrdr rollback own web --to 1")
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.inspect("web", "{{.Id}}") == container)
        #expect(try await stack.containers.count == 2)
      }
    }

    @Test func `what depends on others is started again itself, too, unless the file has changed`() async throws {
      let lab = try await Lab.shared()
      _ = try await lab.push(Self.image, "needs", kind: "app", marker: "needs")
      let web = "{image: \"\(lab.facts.registry)/\(Self.image):${IMAGE_TAG}\", network_mode: none, restart: always}"
      let api = web.replacing("restart", with: "depends_on: [web], restart")
      try await OwnStack("  web: \(web)\n  api: \(api)", stableFor: "2s").use { stack in
        func stopped() async throws -> String {
          _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-api-1")
          return try await stack.inspect("api", "{{.Id}}")
        }
        try #require(try await stack.deploy("needs").status == 0)
        let container = try await stopped()
        #expect(try await follow(stack, "ktrdr rollback own api --to 1").status == 0)
        #expect(try await stack.inspect("api", "{{.Id}} {{.State.Status}}") == "\(container) running")
        try #require(try await stack.deploy("needs").status == 0)
        #expect(try await stopped() == container)
        let file = try String(contentsOfFile: "\(stack.directory)/compose.yaml", encoding: .utf8)
        try stack.write(file.replacing("depends_on", with: "labels: {edited: \"1\"}, depends_on"), to: "compose.yaml")
        #expect(try await follow(stack, "ktrdr rollback own api --to 3").status == 0)
        #expect(try await stack.inspect("api", #"{{.Config.Labels.edited}}"#) == "1")
      }
    }

    /// A service that Docker needs some time to stop, beside one that an edited file keeps from being created. Which of the two Compose
    /// comes to first is left to it: `hasStopped` tells whether it has stopped the one before it failed for the other.
    private func failing(
      keys: String = "", _ hasStopped: (String) -> Bool, _ body: (OwnStack, String) async throws -> Void
    ) async throws {
      let lab = try await Lab.shared()
      for tag in ["slow1", "slow2"] { _ = try await lab.push(Self.image, tag, kind: "stubborn", marker: tag) }
      let image = "\(lab.facts.registry)/\(Self.image):${IMAGE_TAG}"
      let api = "  api: {image: \"\(image)\", network_mode: none, stop_grace_period: 3s, restart: always}"
      try await OwnStack("\(api)\n  web: {image: \"\(image)\", network_mode: none}", keys: keys).use { stack in
        try #require(try await stack.deploy("slow1").status == 0)
        let good = try String(contentsOfFile: "\(stack.directory)/compose.yaml", encoding: .utf8)
        try stack.write(
          good.replacing("web: {", with: "web: {working_dir: /etc/passwd, "), to: "compose.yaml")
        var failed = try await stack.deploy("slow2")
        for _ in 1..<8 where !hasStopped(failed.error) {
          #expect(failed.status == 1 && !failed.error.contains("not running"), "\(failed.error)")
          failed = try await stack.deploy("slow2")
        }
        try #require(failed.status == 1 && hasStopped(failed.error), "\(failed.error)")
        try await body(stack, failed.error)
      }
    }

    @Test func `what a faulty file has only stopped is started again`() async throws {
      try await failing({ $0.contains("not running: api") }) { stack, failed in
        #expect(failed.contains("to start what does not run: ktrdr rollback own"), "\(failed)")
        let back = try await follow(stack, "ktrdr rollback own")
        #expect(back.status == 0, "\(back.error)")
        #expect(try await stack.status() == (["api": "in sync", "web": "in sync"], 0))
      }
    }

    @Test func `the automatic rollback starts it as well`() async throws {
      // The rollback is a deployment of its own.
      func hasRolledBack(_ text: String) -> Bool { text.matches(of: /deployment \d+ started/).count == 2 }
      try await failing(keys: "rollback_on_failure: true", hasRolledBack) { stack, failed in
        let (verdicts, exit) = try await stack.status()
        #expect(verdicts == ["api": "in sync", "web": "in sync"] && exit == 0, "\(failed)")
      }
    }

    @Test func `a database comes before the rollback of what needs it`() async throws {
      let lab = try await Lab.shared()
      for tag in ["need1", "need2"] { _ = try await lab.push(Self.image, tag, kind: "app", marker: tag) }
      _ = try await lab.push(Self.image, "need3", kind: "crash", marker: "need3")
      _ = try await lab.push("kpiteira/advice-db", "16", kind: "app", marker: "db")
      let services = """
          db: {image: "\(lab.facts.registry)/kpiteira/advice-db:16", restart: always}
          web:
            image: "\(lab.facts.registry)/\(Self.image):${IMAGE_TAG}"
            depends_on: [db]
            healthcheck: {test: ["CMD-SHELL", "ping -c1 -W1 db"], interval: 1s, retries: 2}
        """
      try await OwnStack(services, stableFor: "2s").use { stack in
        for tag in ["need1", "need2"] {
          let deployed = try await stack.deploy(tag)
          try #require(deployed.status == 0, "\(deployed.error)")
        }
        let words = ["deploy", "own", "web", "--tag", "need3"]
        #expect(try await stack.person.ktrdr(words: words).status == 1)
        _ = try await stack.docker("stop", "-t", "0", "\(stack.project)-db-1")
        let advice = try await stack.advice()
        #expect(advice == ["ktrdr rollback own db --to 2", "ktrdr rollback own"])
        for line in advice {
          let back = try await stack.person.ktrdr(words: line.split(separator: " ").dropFirst().map(String.init))
          #expect(back.status == 0, "\(back.error)")
        }
        #expect(try await stack.status() == (["db": "in sync", "web": "in sync"], 0))
      }
    }
  }
}
